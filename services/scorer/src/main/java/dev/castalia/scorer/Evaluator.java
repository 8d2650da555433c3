package dev.castalia.scorer;

import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.FailureKind;
import dev.castalia.events.RequestedTask;
import dev.castalia.events.Slice;
import dev.castalia.events.SliceScored;
import dev.castalia.events.UnitId;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Traces;
import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.model.Progress;
import dev.castalia.scoring.score.EncodedTask;
import dev.castalia.scoring.score.MetricValues;
import dev.castalia.scoring.score.SliceScores;
import dev.castalia.scoring.score.TaskScorer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * Evaluates requests: opens the checkpoint, reads the first task, waits for a slot, and scores
 * slice by slice. Whatever goes wrong with a unit is an answer too. Once its GPU is lost it begins
 * no further unit. Safe for use by several threads.
 */
final class Evaluator implements Work {

  private static final Logger LOG = Logger.getLogger(Evaluator.class);

  /** How far the clocks of the ledger and of scorers may be apart. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  private final String scorer;
  private final Semaphore slots;
  private final Requests requests;
  private final Answers answers;
  private final ScorerMetrics metrics;
  private final Shelf shelf;
  private final Opener opener;
  private final Runnable whenDeviceIsLost;
  private volatile boolean deviceLost;

  /**
   * @param slots how many may compute at once on the device that checkpoints are opened on
   * @param whenDeviceIsLost run each time that is found out
   */
  Evaluator(
      String scorer,
      Semaphore slots,
      Requests requests,
      Answers answers,
      ScorerMetrics metrics,
      Shelf shelf,
      Opener opener,
      Runnable whenDeviceIsLost) {
    this.scorer = scorer;
    this.slots = slots;
    this.requests = requests;
    this.answers = answers;
    this.metrics = metrics;
    this.shelf = shelf;
    this.opener = opener;
    this.whenDeviceIsLost = whenDeviceIsLost;
  }

  @Override
  public AcknowledgeType evaluate(ConsumerRecord<String, byte[]> record, Evaluation evaluation) {
    Optional<EvaluationRequested> request = requests.read(record);
    if (request.isEmpty()) {
      return AcknowledgeType.ACCEPT;
    }
    Map<String, String> ids = ids(request.get());
    ids.forEach(MDC::put);
    try {
      return Traces.inSpan(
          "evaluate", record.headers(), ids, () -> evaluate(request.get(), evaluation));
    } finally {
      ids.keySet().forEach(MDC::remove);
    }
  }

  /** What is said of it in logs and traces. */
  private static Map<String, String> ids(EvaluationRequested request) {
    return Map.of(
        "sweep",
        request.getSweep(),
        "checkpoint",
        Keys.of(request.getCheckpoint()),
        "request",
        request.getRequest());
  }

  private AcknowledgeType evaluate(EvaluationRequested request, Evaluation evaluation) {
    if (request.getDeadline().plus(SKEW).isBefore(Instant.now())) {
      // The ledger issues what was not answered by then once more, late if it was away itself: of a
      // request that waited for scorers all night there are many copies, and one is enough.
      LOG.infof(
          "%s is passed over: it was due at %s and is issued anew",
          request.getRequest(), request.getDeadline());
      return AcknowledgeType.ACCEPT;
    }
    Answers.Batch batch = answers.batch();
    List<RequestedTask> rest = evaluate(request, evaluation, batch);
    if (!rest.isEmpty() && !evaluation.isAbandoned()) {
      batch.handBack(EvaluationRequested.newBuilder(request).setTasks(rest).build());
    }
    if (batch.holdsRefusals()) {
      evaluation.refuse();
    }
    batch.await();
    return evaluation.isAbandoned() ? AcknowledgeType.RELEASE : AcknowledgeType.ACCEPT;
  }

  @Override
  public void giveUp(ConsumerRecord<String, byte[]> record, int deliveries) {
    requests.read(record).ifPresent(request -> giveUp(request, deliveries));
  }

  private void giveUp(EvaluationRequested request, int deliveries) {
    metrics.redelivered();
    Answers.Batch batch = answers.batch();
    fail(
        request,
        request.getTasks(),
        new Cause(
            FailureKind.PASSING,
            "the request was given out %d times and never answered in full".formatted(deliveries),
            "look for scorers that died or were killed while at it, then retry the failure"),
        batch);
    batch.await();
  }

  /** What is left of the request. */
  private List<RequestedTask> evaluate(
      EvaluationRequested request, Evaluation evaluation, Answers.Batch batch) {
    try {
      Optional<Opened> opened =
          Traces.inSpan("open checkpoint", Map.of(), () -> opener.open(request, evaluation));
      return opened.isEmpty()
          ? request.getTasks()
          : score(request, opened.get(), evaluation, batch);
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      if (deviceLost) {
        return request.getTasks();
      }
      noteLoss(e);
      if (evaluation.isOver() && !deviceLost) {
        LOG.infof("%s is not evaluated here any more: %s", request.getRequest(), e.getMessage());
        return request.getTasks();
      }
      fail(request, request.getTasks(), Cause.of(e), batch);
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return request.getTasks();
    }
  }

  private List<RequestedTask> score(
      EvaluationRequested request, Opened checkpoint, Evaluation evaluation, Answers.Batch batch)
      throws InterruptedException {
    try (Opened opened = checkpoint) {
      return scoreUnits(request, opened, evaluation, batch);
    }
  }

  /** Scores unit after unit; what is left when it stopped before the last. */
  private List<RequestedTask> scoreUnits(
      EvaluationRequested request, Opened opened, Evaluation evaluation, Answers.Batch batch)
      throws InterruptedException {
    TaskScorer taskScorer = new TaskScorer(opened.model());
    for (RequestedTask task : request.getTasks()) {
      EncodedTask encoded;
      try {
        encoded = shelf.task(task, opened.tokenizer());
      } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
        fail(request, List.of(task), Cause.of(e), batch);
        continue;
      }
      // Only now: while the first task is read, others compute.
      opened.takeSlot(slots);
      for (Slice slice : task.getSlices()) {
        if (evaluation.isOver() || deviceLost) {
          return rest(request, task, slice);
        }
        Traces.inSpan(
            "score slice",
            Map.of("task", task.getTask(), "slice", slice.getStart() + "-" + slice.getEnd()),
            () -> {
              score(request, task, slice, opened, taskScorer, encoded, batch);
              return null;
            });
      }
    }
    return List.of();
  }

  /** The request's tasks from that slice on. */
  private static List<RequestedTask> rest(
      EvaluationRequested request, RequestedTask task, Slice slice) {
    List<RequestedTask> tasks = request.getTasks();
    List<Slice> slices = task.getSlices();
    List<RequestedTask> rest = new ArrayList<>(tasks.subList(tasks.indexOf(task), tasks.size()));
    rest.set(
        0,
        RequestedTask.newBuilder(task)
            .setSlices(slices.subList(slices.indexOf(slice), slices.size()))
            .build());
    return rest;
  }

  private void score(
      EvaluationRequested request,
      RequestedTask task,
      Slice slice,
      Opened opened,
      TaskScorer taskScorer,
      EncodedTask encoded,
      Answers.Batch batch) {
    long start = System.nanoTime();
    SliceScores scores;
    try {
      scores = taskScorer.score(encoded, slice.getStart(), slice.getEnd(), Progress.NONE);
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      noteLoss(e);
      fail(request, task, slice, cause(e, opened), batch);
      return;
    }
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    metrics.scored(scores, time);
    batch.send(
        SliceScored.newBuilder()
            .setUnit(unit(request, task, slice))
            .setMetrics(scores.metrics().stream().map(Evaluator::values).toList())
            .setFingerprint(opened.fingerprint())
            .setRequest(request.getRequest())
            .setAttempt(request.getAttempt())
            .setScorer(scorer)
            .setDevice(opener.device().toString())
            .setTokens(scores.tokens())
            .setSeconds(time.toNanos() / 1e9)
            .setScoredAt(Instant.now())
            .build());
  }

  private void noteLoss(Throwable failure) {
    if (failure instanceof EvaluationException e && e.isDeviceLost()) {
      deviceLost = true;
      whenDeviceIsLost.run();
    }
  }

  /** What was too much beside other models may do beside fewer. */
  private Cause cause(Throwable failure, Opened opened) {
    return failure instanceof EvaluationException e && e.isOutOfMemory() && opened.ranOutOfMemory()
        ? Cause.passing(e)
        : Cause.of(failure);
  }

  private static dev.castalia.events.MetricValues values(MetricValues metric) {
    return new dev.castalia.events.MetricValues(
        metric.metric().name(), list(metric.values()), list(metric.weights()));
  }

  private static List<Double> list(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private void fail(
      EvaluationRequested request, List<RequestedTask> tasks, Cause cause, Answers.Batch batch) {
    for (RequestedTask task : tasks) {
      for (Slice slice : task.getSlices()) {
        fail(request, task, slice, cause, batch);
      }
    }
  }

  private void fail(
      EvaluationRequested request,
      RequestedTask task,
      Slice slice,
      Cause cause,
      Answers.Batch batch) {
    UnitId unit = unit(request, task, slice);
    LOG.warnf("%s: %s", Keys.of(unit), cause.reason());
    metrics.failed(cause.kind());
    batch.send(
        EvaluationFailed.newBuilder()
            .setUnit(unit)
            .setKind(cause.kind())
            .setReason(cause.reason())
            .setRemedy(cause.remedy())
            .setAttempts(request.getAttempt())
            .setRequest(request.getRequest())
            .setScorer(scorer)
            .setFailedAt(Instant.now())
            .build());
  }

  private static UnitId unit(EvaluationRequested request, RequestedTask task, Slice slice) {
    return new UnitId(
        Keys.of(request.getCheckpoint()),
        task.getTask(),
        task.getVersion(),
        task.getShots(),
        request.getDtype(),
        slice.getStart(),
        slice.getEnd());
  }
}
