/**
 * What the scores so far support.
 *
 * <pre>
 * scorecards of a run on a task ──SeriesFeed──▶ series
 * series, by task        ──TaskFindings──▶  bias trajectories, acquisition, seeds, scaling; drafts
 * documents of pairs     ──DocumentPairs──▶ their errors ──▶ TaskFindings
 * series, by base run    ──RunFindings──▶   continued training, jumps; digests
 * drafts, digests, by suite ──SuiteFindings──▶ deduplication, identical checkpoints, missing steps
 * </pre>
 *
 * Everything is recomputed from rows kept, at a human rate, for the keys that changed, and
 * published where it differs from what was published: whatever the order of events, the end is the
 * same.
 */
package dev.castalia.topology.findings;
