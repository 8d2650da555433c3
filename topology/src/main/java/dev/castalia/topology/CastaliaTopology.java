package dev.castalia.topology;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.Finding;
import dev.castalia.events.FindingsPending;
import dev.castalia.events.Leaderboard;
import dev.castalia.events.RetryRequested;
import dev.castalia.events.ScoreReported;
import dev.castalia.events.Scorecard;
import dev.castalia.events.SweepCancelled;
import dev.castalia.events.SweepProgress;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.TaskRegistered;
import dev.castalia.events.Trajectory;
import dev.castalia.schemas.CheckpointPartitioner;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Topic;
import dev.castalia.topology.boards.Boards;
import dev.castalia.topology.documents.Counterparts;
import dev.castalia.topology.documents.DocumentPairs;
import dev.castalia.topology.findings.FindingsOutput;
import dev.castalia.topology.findings.FindingsOutput.Digested;
import dev.castalia.topology.findings.FindingsOutput.Drafted;
import dev.castalia.topology.findings.FindingsOutput.Found;
import dev.castalia.topology.findings.FindingsOutput.Waiting;
import dev.castalia.topology.findings.FindingsOutput.Withdrawn;
import dev.castalia.topology.findings.RunFindings;
import dev.castalia.topology.findings.SeriesFeed;
import dev.castalia.topology.findings.SuiteFindings;
import dev.castalia.topology.findings.TaskFindings;
import dev.castalia.topology.intake.Intake;
import dev.castalia.topology.intake.IntakeOutput;
import dev.castalia.topology.intake.IntakeOutput.Accepted;
import dev.castalia.topology.intake.IntakeOutput.AtHome;
import dev.castalia.topology.intake.IntakeOutput.DeadLetter;
import dev.castalia.topology.intake.IntakeOutput.Refused;
import dev.castalia.topology.intake.IntakeOutput.Reported;
import dev.castalia.topology.ledger.Gifts;
import dev.castalia.topology.ledger.Ledger;
import dev.castalia.topology.ledger.LedgerOutput;
import dev.castalia.topology.ledger.LedgerOutput.Counted;
import dev.castalia.topology.ledger.LedgerOutput.Documented;
import dev.castalia.topology.ledger.LedgerOutput.Failed;
import dev.castalia.topology.ledger.LedgerOutput.FailureWithdrawn;
import dev.castalia.topology.ledger.LedgerOutput.Given;
import dev.castalia.topology.ledger.LedgerOutput.Issued;
import dev.castalia.topology.ledger.LedgerOutput.Planned;
import dev.castalia.topology.ledger.LedgerOutput.Scored;
import dev.castalia.topology.progress.Progress;
import dev.castalia.topology.reported.ReportedScores;
import dev.castalia.topology.state.ComparedRuns;
import dev.castalia.topology.state.DocumentPair;
import dev.castalia.topology.state.DocumentScores;
import dev.castalia.topology.state.RunDigest;
import dev.castalia.topology.state.RunSeries;
import dev.castalia.topology.state.StateSerde;
import dev.castalia.topology.state.SweepCounts;
import dev.castalia.topology.state.SweepPlan;
import dev.castalia.topology.state.TaskScore;
import dev.castalia.topology.state.Twins;
import dev.castalia.topology.state.UnitDigest;
import dev.castalia.topology.trajectories.Trajectories;
import dev.castalia.topology.twins.TwinFinder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * The topology:
 *
 * <pre>
 * sweeps, tasks, checkpoints, scores, failures ──intake──ledger──▶ requests, scorecards, failures
 * checkpoints ──intake──twins, counterparts──ledger
 * ledger       ──scores given to twins──ledger's gifts──▶ scorecards
 * reported scores ──intake──▶ scorecards
 * scorecards   ──boards──▶ leaderboards
 * scorecards   ──trajectories──▶ trajectories
 * scorecards   ──series──task, run, suite findings──▶ findings
 * ledger       ──documents of counterparts──task findings
 * ledger       ──progress──▶ progress
 * anything unreadable ──▶ dead letters, and a failure that names it
 * </pre>
 */
public final class CastaliaTopology {

  /** What it reads. */
  public static final Set<Topic> INPUTS =
      Set.of(
          Topic.SWEEPS,
          Topic.TASKS,
          Topic.CHECKPOINTS,
          Topic.SCORES,
          Topic.REPORTED_SCORES,
          Topic.FAILURES);

  /** What comes to the ledger by a topic of its own. */
  static final List<Class<? extends SpecificRecord>> FOR_THE_LEDGER =
      List.of(
          SweepRequested.class,
          SweepCancelled.class,
          TaskRegistered.class,
          CheckpointPublished.class,
          Twins.class,
          ComparedRuns.class,
          UnitDigest.class,
          EvaluationFailed.class,
          RetryRequested.class);

  /** Findings are looked at less often than boards, and cost more. */
  private static final int FINDINGS_PACE = 6;

  /** How many times longer than the work the rest is at most. */
  private static final int BOARDS_REST = 9;

  private static final int TRAJECTORIES_REST = 24;
  private static final int FINDINGS_REST = 24;

  private final EventSerdeFactory serdes;
  private final TopologySettings settings;
  private final TopologyMonitor monitor;
  private final LongSupplier nanoTime;
  private final Traffic traffic = new Traffic();

  public CastaliaTopology(
      EventSerdeFactory serdes, TopologySettings settings, TopologyMonitor monitor) {
    this(serdes, settings, monitor, System::nanoTime);
  }

  /**
   * @param nanoTime the clock that work is measured by, in nanoseconds: what took long rests long
   */
  CastaliaTopology(
      EventSerdeFactory serdes,
      TopologySettings settings,
      TopologyMonitor monitor,
      LongSupplier nanoTime) {
    this.serdes = serdes;
    this.settings = settings;
    this.monitor = monitor;
    this.nanoTime = nanoTime;
  }

  public Topology build() {
    return build(new StreamsBuilder());
  }

  Topology build(StreamsBuilder builder) {
    KStream<String, IntakeOutput> intake = intake(builder);
    KStream<String, LedgerOutput> ledger = ledger(accepted(intake).merge(atHome(intake)));
    KStream<String, SpecificRecord> reported = reported(intake);
    KStream<String, Scorecard> scorecards =
        only(ledger, Scored.class, "scorecards")
            .mapValues(Scored::scorecard)
            .merge(given(ledger))
            .merge(only(reported, Scorecard.class, "reported-scorecards"));

    only(intake, DeadLetter.class, "dead-letters")
        .mapValues(DeadLetter::value)
        .to(Topic.DEAD_LETTERS.topicName(), Produced.with(Serdes.String(), Serdes.ByteArray()));
    only(reported, ScoreReported.class, "reported-dead-letters")
        .to(Topic.DEAD_LETTERS.topicName(), produced(ScoreReported.class));
    failures(intake, ledger, reported);
    only(ledger, Issued.class, "requests")
        .mapValues(Issued::request)
        .to(
            Topic.REQUESTS.topicName(),
            produced(EvaluationRequested.class).withStreamPartitioner(new Evenly()));
    scorecards.to(
        Topic.SCORECARDS.topicName(),
        produced(Scorecard.class).withStreamPartitioner(byCheckpoint()));
    KStream<String, SpecificRecord> byTask = byTask(scorecards, ledger);
    KStream<String, TaskScore> scores = only(byTask, TaskScore.class, "task-scores");
    KStream<String, DocumentPair> pairs =
        only(byTask, DocumentScores.class, "document-scores")
            .process(DocumentPairs.supplier(), Named.as("document-pairs"));
    boards(scores).to(Topic.LEADERBOARDS.topicName(), produced(Leaderboard.class));
    trajectories(scores).to(Topic.TRAJECTORIES.topicName(), produced(Trajectory.class));
    findings(scores, pairs).to(Topic.FINDINGS.topicName(), produced(SpecificRecord.class));
    progress(ledger).to(Topic.PROGRESS.topicName(), produced(SweepProgress.class));
    return builder.build();
  }

  private KStream<String, IntakeOutput> intake(StreamsBuilder builder) {
    return builder.stream(
            INPUTS.stream().map(Topic::topicName).collect(Collectors.toSet()),
            Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()).withName("inputs"))
        .process(
            () ->
                new Intake(
                    serdes.of(SpecificRecord.class).deserializer(), settings.partitions(), monitor),
            Named.as("intake"));
  }

  /**
   * Scores are many, and scorers write them where their checkpoint's ledger is: these take no way
   * over a topic, which would cost as much as all that is done with them, and a transaction's wait.
   */
  private static KStream<String, SpecificRecord> atHome(KStream<String, IntakeOutput> intake) {
    return only(intake, AtHome.class, "at-home").mapValues(AtHome::score);
  }

  /** What the ledger is to see, each where it belongs: sweeps and tasks everywhere. */
  private KStream<String, SpecificRecord> accepted(KStream<String, IntakeOutput> intake) {
    StreamPartitioner<String, SpecificRecord> multicast =
        (topic, key, event, partitions) ->
            Optional.of(
                Intake.isForAll(event)
                    ? IntStream.range(0, partitions).boxed().collect(Collectors.toSet())
                    : Set.of(CheckpointPartitioner.partition(key, partitions)));
    KStream<String, SpecificRecord> events =
        only(intake, Accepted.class, "accepted").mapValues(Accepted::event);
    return events
        .merge(publications(events))
        .repartition(
            Repartitioned.<String, SpecificRecord>as("ledger")
                .withKeySerde(Serdes.String())
                .withValueSerde(new StateSerde(FOR_THE_LEDGER))
                .withStreamPartitioner(multicast)
                .withNumberOfPartitions(settings.partitions()));
  }

  /**
   * As wide as the inputs, since it ends in the topic that they end in, but all in one partition.
   */
  private KStream<String, SpecificRecord> publications(KStream<String, SpecificRecord> events) {
    KStream<String, CheckpointPublished> checkpoints =
        only(events, CheckpointPublished.class, "checkpoints")
            .repartition(
                this.<CheckpointPublished>repartitioned("twins", CheckpointPublished.class)
                    .withStreamPartitioner(
                        (topic, key, value, partitions) -> Optional.of(Set.of(0))));
    KStream<String, SpecificRecord> twins =
        checkpoints
            .process(TwinFinder.supplier(), Named.as("twins"))
            .mapValues(SpecificRecord.class::cast);
    return twins.merge(
        checkpoints
            .process(Counterparts.supplier(), Named.as("counterparts"))
            .mapValues(SpecificRecord.class::cast));
  }

  private KStream<String, LedgerOutput> ledger(KStream<String, SpecificRecord> events) {
    return events.process(Ledger.supplier(settings.ledger(), monitor), Named.as("ledger"));
  }

  /** What elders give goes by the partition of those that they stand for, beside their ledger. */
  private KStream<String, Scorecard> given(KStream<String, LedgerOutput> ledger) {
    return only(ledger, Given.class, "given")
        .mapValues(Given::scorecard)
        .repartition(
            this.<Scorecard>repartitioned("given", Scorecard.class)
                .withStreamPartitioner(byCheckpoint()))
        .process(Gifts.supplier(), Named.as("gifts"), Ledger.STORE);
  }

  /**
   * As scores are, what others measured is taken where it lies, which is where the gateway puts it.
   */
  private KStream<String, SpecificRecord> reported(KStream<String, IntakeOutput> intake) {
    KStream<String, Reported> reported = only(intake, Reported.class, "reported-scores");
    KStream<String, ScoreReported> atHome =
        reported
            .filter((key, it) -> it.isAtHome(), Named.as("reported-at-home"))
            .mapValues(Reported::score);
    KStream<String, ScoreReported> elsewhere =
        reported
            .filterNot((key, it) -> it.isAtHome(), Named.as("reported-elsewhere"))
            .mapValues(Reported::score)
            .repartition(repartitioned("reported", ScoreReported.class));
    return atHome
        .merge(elsewhere)
        .process(ReportedScores.supplier(settings.emitEvery(), monitor), Named.as("reported"));
  }

  private void failures(
      KStream<String, IntakeOutput> intake,
      KStream<String, LedgerOutput> ledger,
      KStream<String, SpecificRecord> reported) {
    KStream<String, EvaluationFailed> refused =
        only(intake, Refused.class, "refused").mapValues(Refused::failure);
    KStream<String, EvaluationFailed> failed =
        only(ledger, Failed.class, "failed").mapValues(Failed::failure);
    KStream<String, EvaluationFailed> withdrawn =
        only(ledger, FailureWithdrawn.class, "withdrawn").mapValues(it -> null);
    KStream<String, EvaluationFailed> tooMany =
        only(reported, EvaluationFailed.class, "reported-too-many");
    for (KStream<String, EvaluationFailed> failures :
        List.of(refused, failed, withdrawn, tooMany)) {
      failures.to(
          Topic.FAILURES.topicName(),
          produced(EvaluationFailed.class).withStreamPartitioner(byCheckpoint()));
    }
  }

  /**
   * One task's scores in one partition: its boards, trajectories and most findings need no more.
   */
  private KStream<String, SpecificRecord> byTask(
      KStream<String, Scorecard> scorecards, KStream<String, LedgerOutput> ledger) {
    KStream<String, SpecificRecord> scores =
        scorecards.map(
            (key, scorecard) -> KeyValue.pair(scorecard.getTask(), TaskScores.of(scorecard)));
    return scores
        .merge(
            only(ledger, Documented.class, "documented")
                .mapValues(it -> (SpecificRecord) it.scores()))
        .repartition(repartitioned("tasks", TaskScore.class, DocumentScores.class));
  }

  private KStream<String, Leaderboard> boards(KStream<String, TaskScore> byTask) {
    Rhythm rhythm = rhythm(settings.emitEvery(), BOARDS_REST);
    return byTask.process(
        Boards.supplier(rhythm, traffic, settings.boardEntries(), monitor), Named.as("boards"));
  }

  private KStream<String, Trajectory> trajectories(KStream<String, TaskScore> byTask) {
    Rhythm rhythm = rhythm(settings.emitEvery(), TRAJECTORIES_REST);
    return byTask.process(Trajectories.supplier(rhythm), Named.as("trajectories"));
  }

  private KStream<String, SpecificRecord> findings(
      KStream<String, TaskScore> scores, KStream<String, DocumentPair> pairs) {
    Rhythm rhythm = rhythm(settings.emitEvery().multipliedBy(FINDINGS_PACE), FINDINGS_REST);
    KStream<String, SpecificRecord> fed =
        scores.process(SeriesFeed.supplier(rhythm), Named.as("series"), Trajectories.STORE);
    KStream<String, RunSeries> series = only(fed, RunSeries.class, "run-series");
    KStream<String, FindingsOutput> byTask =
        series
            .mapValues(SpecificRecord.class::cast)
            .merge(pairs.mapValues(SpecificRecord.class::cast))
            .selectKey((key, row) -> TaskFindings.key(row))
            .process(TaskFindings.supplier(rhythm, monitor), Named.as("task-findings"));
    KStream<String, FindingsOutput> byBaseRun =
        series
            .selectKey((key, run) -> RunFindings.key(run))
            .repartition(repartitioned("run-findings", RunSeries.class))
            .process(RunFindings.supplier(rhythm, monitor), Named.as("run-findings"));
    KStream<String, SpecificRecord> drafts =
        only(byTask, Drafted.class, "drafts").mapValues(Drafted::draft);
    KStream<String, SpecificRecord> digests =
        only(byBaseRun, Digested.class, "digests").mapValues(Digested::digest);
    KStream<String, FindingsOutput> bySuite =
        drafts
            .merge(digests)
            .repartition(repartitioned("suite-findings", Finding.class, RunDigest.class))
            .process(SuiteFindings.supplier(rhythm, monitor), Named.as("suite-findings"));
    KStream<String, FindingsOutput> all = byTask.merge(byBaseRun).merge(bySuite);
    KStream<String, SpecificRecord> found =
        only(all, Found.class, "findings").mapValues(Found::finding);
    KStream<String, SpecificRecord> withdrawn =
        only(all, Withdrawn.class, "withdrawn-findings").mapValues(it -> null);
    KStream<String, SpecificRecord> waiting =
        only(all, Waiting.class, "waiting-rows").mapValues(Waiting::pending);
    return found
        .merge(withdrawn)
        .merge(waiting)
        .merge(only(fed, FindingsPending.class, "waiting-series").mapValues(it -> it));
  }

  private KStream<String, SweepProgress> progress(KStream<String, LedgerOutput> ledger) {
    KStream<String, SpecificRecord> counted =
        only(ledger, Counted.class, "counted").mapValues(Counted::counts);
    KStream<String, SpecificRecord> planned =
        only(ledger, Planned.class, "planned").mapValues(Planned::plan);
    return counted
        .merge(planned)
        .repartition(repartitioned("progress", SweepCounts.class, SweepPlan.class))
        .process(
            Progress.supplier(settings.emitEvery(), settings.partitions()), Named.as("progress"));
  }

  private Rhythm rhythm(Duration every, int longestRest) {
    return new Rhythm(every, new Share(longestRest, traffic), nanoTime);
  }

  @SafeVarargs
  private <V extends SpecificRecord> Repartitioned<String, V> repartitioned(
      String name, Class<? extends SpecificRecord>... types) {
    @SuppressWarnings("unchecked") // The serde of several types, seen as that of their common one.
    Serde<V> serde = (Serde<V>) (Serde<?>) new StateSerde(types);
    return Repartitioned.<String, V>as(name)
        .withKeySerde(Serdes.String())
        .withValueSerde(serde)
        .withNumberOfPartitions(settings.partitions());
  }

  private <T extends SpecificRecord> Produced<String, T> produced(Class<T> type) {
    return Produced.with(Serdes.String(), serdes.of(type));
  }

  /** For keys that start with a checkpoint; others are spread by the whole key. */
  private static <V> StreamPartitioner<String, V> byCheckpoint() {
    return (topic, key, value, partitions) -> {
      int end = key.indexOf(Keys.SEPARATOR);
      String checkpoint = key.indexOf('@') > 0 ? key.substring(0, end) : key;
      return Optional.of(Set.of(CheckpointPartitioner.partition(checkpoint, partitions)));
    };
  }

  private static <T, U extends T> KStream<String, U> only(
      KStream<String, T> stream, Class<U> type, String name) {
    return stream
        .filter((key, value) -> type.isInstance(value), Named.as("is-" + name))
        .mapValues(type::cast);
  }
}
