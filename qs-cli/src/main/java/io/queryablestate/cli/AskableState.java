package io.queryablestate.cli;

import io.queryablestate.client.JobName;
import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.messages.JobId;

/**
 * A state with all that is needed to ask for its keys.
 *
 * @param jobId the job
 * @param jobName its name; empty if nobody has said it
 * @param isNamed whether the client is to go by the name, so that it finds the job again under another id
 * @param stateName the name under which the state is queryable
 * @param keyType how keys are read from text and written as bytes
 * @param descriptor how answers are read
 * @param <K> the keys
 * @param <V> the values
 */
record AskableState<K, V>(
        JobId jobId,
        String jobName,
        boolean isNamed,
        String stateName,
        KeyType<K> keyType,
        StateDescriptor<V> descriptor) {

    QueryableState<K, V> of(QueryableStateClient client) {
        return isNamed
                ? client.state(JobName.of(jobName), stateName, keyType.serializer(), descriptor)
                : client.state(jobId, stateName, keyType.serializer(), descriptor);
    }
}
