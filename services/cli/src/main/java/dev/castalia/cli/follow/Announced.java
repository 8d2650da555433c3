package dev.castalia.cli.follow;

import dev.castalia.cli.gateway.CheckpointEntry;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.GatewayException;
import dev.castalia.cli.gateway.Published;
import java.util.List;
import java.util.Map;

/**
 * What came of announcing one checkpoint, or that it is gone.
 *
 * @param checkpoint model@revision
 * @param contentHash fingerprint of its weights; null where it is gone, and was not known
 * @param replaced the fingerprint that the gateway knew until now; null where the weights are the
 *     same, or none were known
 */
public record Announced(
    String checkpoint, String location, String contentHash, Change change, String replaced) {

  /** What publishing changed. */
  public enum Change {
    CREATED,
    UPDATED,
    UNCHANGED,
    RETIRED
  }

  /**
   * Retires a checkpoint.
   *
   * @throws GatewayException if the gateway refuses that, or does not answer
   */
  static Announced retired(GatewayClient gateway, CheckpointEntry entry) {
    gateway.publishCheckpoints(List.of(entry.asRetired()));
    return new Announced(entry.key(), entry.location(), entry.contentHash(), Change.RETIRED, null);
  }

  /**
   * Publishes a checkpoint.
   *
   * @throws GatewayException if the gateway refuses it, or does not answer
   */
  static Announced to(GatewayClient gateway, CheckpointEntry entry) {
    String known =
        gateway.checkpoints(Map.of("model", entry.model())).stream()
            .filter(it -> it.revision().equals(entry.revision()))
            .findFirst()
            .map(CheckpointEntry::contentHash)
            .orElse(null);
    Published published = gateway.publishCheckpoints(List.of(entry));
    return new Announced(
        entry.key(),
        entry.location(),
        entry.contentHash(),
        published.created() > 0
            ? Change.CREATED
            : published.updated() > 0 ? Change.UPDATED : Change.UNCHANGED,
        entry.contentHash().equals(known) ? null : known);
  }
}
