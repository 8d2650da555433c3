package dev.castalia.cli.mesh;

import dev.castalia.cli.cluster.LocalCluster;
import dev.castalia.cli.gateway.GatewayClient;
import dev.castalia.cli.gateway.SweepProgress;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.MetricValues;
import dev.castalia.events.RequestedTask;
import dev.castalia.events.Slice;
import dev.castalia.events.SliceScored;
import dev.castalia.events.UnitId;
import dev.castalia.schemas.CheckpointPartitioner;
import dev.castalia.schemas.EventSerdes;
import dev.castalia.schemas.Groups;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Members of the scorers' group that open no weights and answer every document right: at once, or
 * after the time that a scorer would take.
 */
final class SyntheticScorers implements AutoCloseable {

  private final LocalCluster cluster;
  private final String metric;
  private final BiConsumer<String, EvaluationRequested> work;
  private final int atOnce;
  private final Workers workers;

  /**
   * Those that answer at once.
   *
   * @param metric the one metric of every task
   */
  SyntheticScorers(LocalCluster cluster, int number, String metric) {
    this(cluster, number, metric, 1, 500, (scorer, request) -> {});
  }

  /**
   * Those that take one request after another and the next one ahead, as real ones do, and work on
   * them.
   *
   * @param work given the scorer's name too; returns when it is done; called by two threads for
   *     each scorer
   */
  static SyntheticScorers working(
      LocalCluster cluster,
      int number,
      String metric,
      BiConsumer<String, EvaluationRequested> work) {
    return new SyntheticScorers(cluster, number, metric, 2, 1, work);
  }

  private SyntheticScorers(
      LocalCluster cluster,
      int number,
      String metric,
      int lanes,
      int atOnce,
      BiConsumer<String, EvaluationRequested> work) {
    this.cluster = cluster;
    this.metric = metric;
    this.work = work;
    this.atOnce = atOnce;
    this.workers = new Workers(number * lanes);
    for (int i = 0; i < number * lanes; i++) {
      String id = "synthetic-" + (i % number + 1);
      workers.start(() -> answer(id));
    }
  }

  /** The sweep when it is over; fails as soon as one of them does, or when it takes longer. */
  SweepProgress awaitEnd(GatewayClient gateway, String sweep, Duration atMost) {
    return workers.await().atMost(atMost).until(() -> gateway.progress(sweep), SweepProgress::over);
  }

  /** Fails as the first of them failed, if one did. */
  void requireAllWell() {
    workers.requireAllWell();
  }

  /** Ends them, and fails as the first of them failed, if one did. */
  @Override
  public void close() {
    workers.close();
  }

  private void answer(String id) {
    EventSerdes serdes = new EventSerdes(cluster.registryUrl());
    try (KafkaShareConsumer<String, EvaluationRequested> requests =
            new KafkaShareConsumer<>(
                Map.of(
                    "bootstrap.servers",
                    cluster.bootstrapServers(),
                    "group.id",
                    Groups.SCORERS,
                    "share.acquire.mode",
                    atOnce == 1 ? "record_limit" : "batch_optimized",
                    "max.poll.records",
                    atOnce,
                    "fetch.max.wait.ms",
                    100),
                new StringDeserializer(),
                serdes.<EvaluationRequested>deserializer());
        KafkaProducer<String, SliceScored> scores =
            new KafkaProducer<>(
                Map.of(
                    "bootstrap.servers",
                    cluster.bootstrapServers(),
                    "compression.type",
                    "zstd",
                    "batch.size",
                    262_144),
                new StringSerializer(),
                serdes.<SliceScored>serializer())) {
      int partitions = scores.partitionsFor(Topic.SCORES.topicName()).size();
      requests.subscribe(List.of(Topic.REQUESTS.topicName()));
      while (!workers.stopping()) {
        for (ConsumerRecord<String, EvaluationRequested> request :
            requests.poll(Duration.ofMillis(100))) {
          work.accept(id, request.value());
          int partition = CheckpointPartitioner.partition(request.key(), partitions);
          for (SliceScored score : scores(id, request.value())) {
            scores.send(
                new ProducerRecord<>(
                    Topic.SCORES.topicName(), partition, Keys.of(score.getUnit()), score));
          }
        }
        scores.flush();
        requests.commitSync();
      }
    }
  }

  private List<SliceScored> scores(String id, EvaluationRequested request) {
    List<SliceScored> scores = new ArrayList<>();
    for (RequestedTask task : request.getTasks()) {
      for (Slice slice : task.getSlices()) {
        scores.add(score(id, request, task, slice));
      }
    }
    return scores;
  }

  private SliceScored score(
      String id, EvaluationRequested request, RequestedTask task, Slice slice) {
    List<Double> values = Collections.nCopies(slice.getEnd() - slice.getStart(), Double.valueOf(1));
    return SliceScored.newBuilder()
        .setUnit(
            new UnitId(
                Keys.of(request.getCheckpoint()),
                task.getTask(),
                task.getVersion(),
                task.getShots(),
                request.getDtype(),
                slice.getStart(),
                slice.getEnd()))
        .setMetrics(List.of(new MetricValues(metric, values, List.of())))
        .setFingerprint("f0")
        .setRequest(request.getRequest())
        .setAttempt(request.getAttempt())
        .setScorer(id)
        .setDevice("cpu")
        .setTokens(values.size())
        .setSeconds(0)
        .setScoredAt(Instant.now())
        .build();
  }
}
