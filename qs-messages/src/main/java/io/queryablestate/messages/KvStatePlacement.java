package io.queryablestate.messages;

/**
 * Which KvState holds a key group, and where.
 *
 * @param kvStateId the registered instance
 * @param server the state server it is registered at
 */
public record KvStatePlacement(KvStateId kvStateId, ServerAddress server) {}
