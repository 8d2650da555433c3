package dev.castalia.topology;

import dev.castalia.topology.ledger.LedgerSettings;
import java.time.Duration;

/**
 * What of the topology can be set.
 *
 * @param partitions partitions of the topics keyed by checkpoint; must be what they have
 * @param emitEvery how often changed boards, trajectories and progress are published
 * @param boardEntries entries of a published board
 * @param ledger how work is handed out
 */
public record TopologySettings(
    int partitions, Duration emitEvery, int boardEntries, LedgerSettings ledger) {}
