package io.queryablestate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.Hello;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.network.BufferBudget;
import io.queryablestate.network.EventLoopContext;
import io.queryablestate.network.RequestStats;
import io.queryablestate.network.ServerConnections;
import io.queryablestate.network.ServerOptions;
import io.queryablestate.routing.CachedLocation;
import io.queryablestate.routing.LocationCache;
import io.queryablestate.routing.LocationOracles;
import io.queryablestate.routing.LookupOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is larger than 4 KiB goes through the proxy in the memory it was read into. */
class ProxyCopyTest {

    private static final int LARGE = 60_000;
    private static final int SMALL = 100;

    private final Side client = new Side();
    private final Side upstream = new Side();

    @Test
    void shouldPassTheValueOnInItsMemory_whenItIsLarge() {
        assertThat(valueTravelsInPlace(LARGE)).isTrue();
    }

    @Test
    void shouldCopyTheValueIntoTheBatch_whenItIsSmall() {
        assertThat(valueTravelsInPlace(SMALL)).isFalse();
    }

    @Test
    void shouldPassTheKeyOnInItsMemory_whenItIsLarge() {
        assertThat(keyTravelsInPlace(LARGE)).isTrue();
    }

    @Test
    void shouldCopyTheKeyIntoTheBatch_whenItIsSmall() {
        assertThat(keyTravelsInPlace(SMALL)).isFalse();
    }

    private boolean valueTravelsInPlace(int length) {
        ByteBuf request = request(SMALL);
        ProxyExchange exchange = exchange(request);
        ByteBuf answer = direct(64 + length).writeZero(64 + length);
        exchange.onValue(answer, 64, length);
        boolean inPlace = client.writesFrom(answer, 64);
        answer.release();
        request.release();
        finish();
        return inPlace;
    }

    private boolean keyTravelsInPlace(int length) {
        ByteBuf request = request(length);
        ProxyExchange exchange = exchange(request);
        // The connection is only made once the event loop goes on, which it does not here.
        exchange.forward(new CachedLocation(Locations.of(Locations.KEY)));
        exchange.encode(upstream.handler.output(), 1, false);
        boolean inPlace = upstream.writesFrom(request, request.writerIndex() - length);
        exchange.onAbsent();
        client.drop();
        request.release();
        finish();
        return inPlace;
    }

    private ProxyExchange exchange(ByteBuf request) {
        KvStateRequestCodec codec = new KvStateRequestCodec();
        codec.decode(request, request.readerIndex(), request.writerIndex());
        return new ProxyExchange(client.handler, 1, codec, request);
    }

    private static ByteBuf request(int keyLength) {
        ByteBuf request = direct(256 + keyLength);
        byte[] name = Locations.KEY.stateName().getBytes(StandardCharsets.UTF_8);
        KvStateRequestCodec.encode(request, 1, 1_000, Locations.JOB, name, 7, new byte[keyLength]);
        return request;
    }

    private static ByteBuf direct(int bytes) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(bytes);
    }

    private void finish() {
        client.channel.finishAndReleaseAll();
        upstream.channel.finishAndReleaseAll();
    }

    /** One connection of the proxy. */
    private static final class Side {
        final EmbeddedChannel channel = new EmbeddedChannel();
        final ProxyLoop loop;
        final ProxyHandler handler;

        Side() {
            EventLoopContext context = new EventLoopContext(channel.eventLoop(), new BufferBudget(1 << 30));
            ProxyOptions options = ProxyOptions.builder().build();
            LocationOracles oracles = new LocationOracles();
            LookupOptions lookups = new LookupOptions(
                    options.lookupTimeout(),
                    options.minLookupInterval(),
                    options.maxCachedLocations(),
                    System::nanoTime);
            loop = new ProxyLoop(context, new LocationCache(oracles, lookups), options);
            ServerConnections server =
                    new ServerConnections("proxy", ServerOptions.builder().build(), RequestStats.noop());
            handler = new ProxyHandler(server, loop, List::of);
            channel.pipeline().addLast(handler);
            ByteBuf hello = direct(64);
            Hello.anonymous().encode(hello, 0);
            channel.writeInbound(hello);
            drop();
        }

        /** Whether some of what was written lies at that place of the buffer. */
        boolean writesFrom(ByteBuf origin, int index) {
            handler.output().run();
            boolean found = false;
            for (ByteBuf written = channel.readOutbound(); written != null; written = channel.readOutbound()) {
                found |= written.readableBytes() > Frames.BODY_OFFSET
                        && written.memoryAddress() + written.readerIndex() == origin.memoryAddress() + index;
                written.release();
            }
            return found;
        }

        void drop() {
            handler.output().run();
            for (ByteBuf written = channel.readOutbound(); written != null; written = channel.readOutbound()) {
                written.release();
            }
        }
    }
}
