package io.queryablestate.server;

import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.KvStateId;

/**
 * What is known about a registration.
 *
 * @param kvStateId the id under which it is read
 * @param incarnation larger than that of every earlier registration in the same registry
 * @param entry job, state name, key groups and types
 */
public record KvStateInfo(KvStateId kvStateId, long incarnation, CatalogueEntry entry) {}
