package io.queryablestate.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.routing.CachedLocation;
import io.queryablestate.routing.LocationKey;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecentLocationsTest {

    private final RecentLocations recent = new RecentLocations();

    @Test
    void shouldFindALocationByTheBytesOfARequest() {
        CachedLocation location = add(Locations.KEY);

        assertThat(find(Locations.KEY)).isSameAs(location);
    }

    @Test
    void shouldFindNothing_whenTheStateIsNotThere() {
        add(Locations.KEY);

        assertThat(find(new LocationKey(Locations.JOB, "count"))).isNull();
        assertThat(find(new LocationKey(Locations.JOB, "countz"))).isNull();
        assertThat(find(new LocationKey(Locations.JOB, "countss"))).isNull();
    }

    @Test
    void shouldTellJobsApart_whenTheirStatesHaveTheSameName() {
        LocationKey other = new LocationKey(Locations.OTHER_JOB, Locations.STATE);
        CachedLocation location = add(Locations.KEY);
        CachedLocation ofOther = add(other);

        assertThat(find(Locations.KEY)).isSameAs(location);
        assertThat(find(other)).isSameAs(ofOther);
    }

    @Test
    void shouldFindNothing_whenTheLocationIsStale() {
        add(Locations.KEY).markStale();

        assertThat(find(Locations.KEY)).isNull();
    }

    @Test
    void shouldNotHoldAStaleLocation_whenAnotherOneIsAdded() {
        WeakReference<CachedLocation> stale = addStale(Locations.KEY);

        CachedLocation other = add(new LocationKey(Locations.OTHER_JOB, "other"));

        await().until(() -> {
            System.gc();
            return stale.refersTo(null);
        });
        assertThat(other.isStale()).isFalse();
    }

    @Test
    void shouldNotHoldAStaleLocation_whenToldToForgetThem() {
        WeakReference<CachedLocation> stale = addStale(Locations.KEY);
        CachedLocation other = add(new LocationKey(Locations.OTHER_JOB, "other"));

        recent.forgetStale();

        await().until(() -> {
            System.gc();
            return stale.refersTo(null);
        });
        assertThat(find(new LocationKey(Locations.OTHER_JOB, "other"))).isSameAs(other);
    }

    @Test
    void shouldNotHoldALocation_whenItsJobHasEndedBeforeTheLookup() {
        CachedLocation late = new CachedLocation(Locations.of(Locations.KEY));
        late.markStale();
        WeakReference<CachedLocation> held = new WeakReference<>(late);
        recent.add(late);
        late = null;

        await().until(() -> {
            System.gc();
            return held.refersTo(null);
        });
        assertThat(find(Locations.KEY)).isNull();
    }

    @Test
    void shouldFindTheNewerLocation_whenAnOlderOneIsStale() {
        add(Locations.KEY).markStale();
        CachedLocation newer = add(Locations.KEY);
        // The search begins where the last one was added, and so meets the older one first.
        add(new LocationKey(Locations.JOB, "other"));

        assertThat(find(Locations.KEY)).isSameAs(newer);
    }

    @Test
    void shouldKeepTheLastOnes_whenThereAreMoreStatesThanSlots() {
        for (int i = 0; i < 1_000; i++) {
            LocationKey key = new LocationKey(Locations.JOB, "s" + i);
            CachedLocation location = add(key);
            assertThat(find(key)).isSameAs(location);
        }

        for (int i = 985; i < 1_000; i++) {
            assertThat(find(new LocationKey(Locations.JOB, "s" + i)))
                    .as("s" + i)
                    .isNotNull();
        }
        assertThat(find(new LocationKey(Locations.JOB, "s0"))).isNull();
    }

    @Test
    void shouldTakeOneSlot_whenManyAskersBringTheSameLocation() {
        LocationKey first = new LocationKey(Locations.JOB, "first");
        CachedLocation added = add(first);
        CachedLocation one = new CachedLocation(Locations.of(Locations.KEY));
        CachedLocation two = new CachedLocation(Locations.of(new LocationKey(Locations.JOB, "two")));
        for (int i = 0; i < 100; i++) {
            recent.add(one);
            recent.add(two);
        }

        assertThat(find(first)).isSameAs(added);
    }

    private WeakReference<CachedLocation> addStale(LocationKey key) {
        CachedLocation location = add(key);
        location.markStale();
        return new WeakReference<>(location);
    }

    private CachedLocation add(LocationKey key) {
        CachedLocation location = new CachedLocation(Locations.of(key));
        recent.add(location);
        return location;
    }

    private @Nullable CachedLocation find(LocationKey key) {
        ByteBuf frame = Locations.request(key);
        KvStateRequestCodec request = new KvStateRequestCodec();
        request.decode(frame, 0, frame.writerIndex());
        return recent.find(request, frame);
    }
}
