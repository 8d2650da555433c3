package dev.castalia.scoring.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.checkpoint.Checkpoint;
import dev.castalia.scoring.checkpoint.Fingerprint;
import dev.castalia.scoring.checkpoint.Formats;
import dev.castalia.scoring.source.FakeHub.Misdeed;
import dev.castalia.scoring.source.FakeHub.Seen;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubTest {

  private static final HubReference STEP_1000 = HubReference.parse("hf:org/model@step1000");

  @TempDir private Path cache;
  private FakeHub server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeHub();
    for (String name : List.of("config.json", "pytorch_model.bin")) {
      server.files.put(name, Files.readAllBytes(Formats.folder("f32", "torch").resolve(name)));
    }
    server.files.put("README.md", "not needed".getBytes());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aCheckpointIsFetchedIntoTheLayoutOfTheCache() throws IOException {
    Path folder = hub().fetch(STEP_1000);

    Path repository = cache.resolve("models--org--model");
    assertThat(folder).isEqualTo(repository.resolve("snapshots").resolve(FakeHub.COMMIT));
    assertThat(repository.resolve("refs/step1000")).hasContent(FakeHub.COMMIT);
    String sha256 = FakeHub.hash("SHA-256", server.files.get("pytorch_model.bin"));
    assertThat(Files.readSymbolicLink(folder.resolve("pytorch_model.bin")))
        .isEqualTo(Path.of("../../blobs/" + sha256));
    assertThat(folder.resolve("README.md")).doesNotExist();
    assertSound(folder);
  }

  @Test
  void whatIsInTheCacheIsNotAskedForAgain() {
    Path folder = hub().fetch(STEP_1000);
    server.close();

    assertThat(hub().fetch(STEP_1000)).isEqualTo(folder);
    assertThat(hub().fetch(new HubReference("org/model", FakeHub.COMMIT))).isEqualTo(folder);
  }

  static Stream<Misdeed> misdeeds() {
    return Stream.of(
        new Misdeed.Truncates(),
        new Misdeed.Stalls(),
        new Misdeed.SaysItIsShorter(),
        new Misdeed.GoesOn(),
        new Misdeed.Corrupts(),
        new Misdeed.Answers(429, "0"),
        new Misdeed.Answers(503, null),
        new Misdeed.Answers(503, "Wed, 21 Oct 2015 07:28:00 GMT"),
        new Misdeed.Answers(500, "soon"));
  }

  @ParameterizedTest
  @MethodSource("misdeeds")
  void whatPassesIsOvercome(Misdeed misdeed) throws IOException {
    server.misdeeds.add(misdeed);

    assertSound(hub().fetch(STEP_1000));
  }

  @Test
  void aBrokenTransferGoesOnWhereItEnded() throws IOException {
    server.misdeeds.addAll(List.of(new Misdeed.Truncates(), new Misdeed.Truncates()));

    assertSound(hub().fetch(STEP_1000));

    int size = server.files.get("pytorch_model.bin").length;
    assertThat(server.seen("storage", "GET"))
        .extracting(Seen::range)
        .containsExactly(
            null, "bytes=" + size / 2 + "-", "bytes=" + (size / 2 + (size - size / 2) / 2) + "-");
  }

  @Test
  void aServerThatIgnoresTheRangeIsReadFromTheBeginning() throws IOException {
    server.misdeeds.addAll(List.of(new Misdeed.Truncates(), new Misdeed.IgnoresTheRange()));

    assertSound(hub().fetch(STEP_1000));
  }

  @Test
  void aRangeThatIsRefusedStartsAnew() throws IOException {
    server.misdeeds.addAll(List.of(new Misdeed.Truncates(), new Misdeed.Answers(416, null)));

    assertSound(hub().fetch(STEP_1000));
    assertThat(server.seen("storage", "GET").getLast().range()).isNull();
  }

  @Test
  void whatAnotherProcessLeftIsGoneOnWith() throws IOException {
    byte[] file = server.files.get("pytorch_model.bin");
    Path blobs = Files.createDirectories(cache.resolve("models--org--model/blobs"));
    Path incomplete = blobs.resolve(FakeHub.hash("SHA-256", file) + ".incomplete");
    Files.write(incomplete, java.util.Arrays.copyOf(file, 1000));

    assertSound(hub().fetch(STEP_1000));
    assertThat(server.seen("storage", "GET"))
        .extracting(Seen::range)
        .containsExactly("bytes=1000-");
    assertThat(incomplete).doesNotExist();
  }

  @Test
  void aFileThatStaysCorruptIsRefused() {
    IntStream.range(0, 6).forEach(_ -> server.misdeeds.add(new Misdeed.Corrupts()));

    assertRefused(
        STEP_1000, true, "org/model@step1000/pytorch_model.bin", "its hash is", "6 times");
    assertThat(cache.resolve("models--org--model/refs")).doesNotExist();
  }

  @Test
  void aHubThatStaysAwayIsAPassingFailure() {
    server.apiStatus = 503;

    assertRefused(STEP_1000, true, "status 503, 6 times");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void aRepositoryThatMayNotBeReadNeedsAToken(int status) {
    server.apiStatus = status;

    assertRefused(STEP_1000, false, "answers " + status, "set HF_TOKEN");
  }

  @Test
  void aRevisionThatIsNotThereIsNotAskedForTwice() {
    assertRefused(
        HubReference.parse("org/model@step7"), false, "hf:org/model@step7", "answers 404");
    assertThat(server.seen("hub", "GET")).hasSize(1);
  }

  @Test
  void aRepositoryWithoutWeightsIsNamed() {
    server.files.remove("pytorch_model.bin");

    assertRefused(STEP_1000, false, "holds no checkpoint", "pytorch_model.bin.index.json");
  }

  @Test
  void theTokenGoesToTheHubAlone() {
    hub().fetch(STEP_1000);

    assertThat(server.seen)
        .filteredOn(it -> it.server().equals("hub"))
        .extracting(Seen::authorization)
        .containsOnly("Bearer secret");
    assertThat(server.seen("storage", "GET"))
        .hasSize(1)
        .extracting(Seen::authorization)
        .containsOnlyNulls();
  }

  @Test
  void offlineNothingIsAskedFor() {
    assertThatThrownBy(() -> new Hub(settings(true)).fetch(STEP_1000))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("HF_HUB_OFFLINE");
    assertThat(server.seen).isEmpty();
  }

  @Test
  void manyWhoWantTheSameFetchItOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      Callable<Path> fetch = () -> hub().fetch(STEP_1000);
      for (Future<Path> folder :
          threads.invokeAll(List.of(fetch, fetch, fetch, fetch, fetch, fetch))) {
        assertSound(folder.get());
      }
    }
    assertThat(server.seen("storage", "GET")).hasSize(1);
  }

  @Tag("slow")
  @Test
  void twoProcessesWithOneCacheFetchItOnce() throws Exception {
    List<Process> processes = List.of(fetching(), fetching());
    for (Process process : processes) {
      assertThat(process.getInputStream().read()).isEqualTo(Fetching.READY);
    }
    for (Process process : processes) {
      process.getOutputStream().close();
    }
    for (Process process : processes) {
      assertThat(process.waitFor()).isZero();
    }

    assertThat(server.seen("storage", "GET")).hasSize(1);
    assertSound(new Hub(settings(true)).fetch(STEP_1000));
  }

  private Process fetching() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    ProcessBuilder process = new ProcessBuilder(java, "-cp", classes, Fetching.class.getName());
    process.environment().put("HF_ENDPOINT", server.address().toString());
    process.environment().put("HF_HUB_CACHE", cache.toString());
    return process.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** A process that fetches once its input ends. */
  static final class Fetching {

    static final int READY = '!';

    public static void main(String[] arguments) throws IOException {
      Hub hub = new Hub(HubSettings.from(System.getenv()));
      System.out.write(READY);
      System.out.flush();
      if (System.in.read() < 0) {
        hub.fetch(STEP_1000);
      }
    }
  }

  @Test
  void whatIsFetchedTakesThePlaceOfWhatWasUsedLeastRecently() throws IOException {
    HubCache old = new HubCache(cache, "org/old");
    Files.createDirectories(old.blob("1").getParent());
    Files.write(old.blob("1"), server.files.get("pytorch_model.bin"));
    old.link("a".repeat(40), "pytorch_model.bin", "1");
    int most = 3 * server.files.get("pytorch_model.bin").length / 2;

    assertSound(new Hub(settings(false), OptionalLong.of(most)).fetch(STEP_1000));

    assertThat(old.blob("1")).doesNotExist();
  }

  @Test
  void aSnapshotThatLacksAShardIsCompleted() throws IOException {
    server.files.clear();
    Path shards = Formats.folder("f32", "torch-shards");
    for (String name :
        List.of(
            "config.json",
            "pytorch_model.bin.index.json",
            "pytorch_model-00001-of-00002.bin",
            "pytorch_model-00002-of-00002.bin")) {
      server.files.put(name, Files.readAllBytes(shards.resolve(name)));
    }
    Path folder = hub().fetch(STEP_1000);
    Files.delete(folder.resolve("pytorch_model-00002-of-00002.bin"));

    assertSound(hub().fetch(STEP_1000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokenizer.json", "tokenizer_config.json"})
  void aSnapshotThatOthersFetchedWithoutItsTokenizerIsGivenIt(String name) throws IOException {
    List<String> names =
        List.of("special_tokens_map.json", "tokenizer.json", "tokenizer_config.json");
    names.forEach(it -> server.files.put(it, "{}".getBytes()));
    Path folder = hub().fetch(STEP_1000);
    Files.delete(folder.resolve(name));
    server.seen.clear();

    assertThat(new Hub(settings(true)).fetch(STEP_1000)).isEqualTo(folder);
    assertThat(server.seen).isEmpty();
    assertThat(new Locations(hub()).tokenizer(STEP_1000.toString()))
        .isEqualTo(folder.resolve("tokenizer.json"));
    assertThat(names).allSatisfy(it -> assertThat(folder.resolve(it)).hasContent("{}"));
    assertThat(server.seen)
        .extracting(Seen::path)
        .containsOnly(
            "/api/models/org/model/revision/" + FakeHub.COMMIT,
            "/org/model/resolve/" + FakeHub.COMMIT + "/" + name);
  }

  @Test
  void aSnapshotOfEarlierVersionsServesWithoutAHub() throws IOException {
    Path folder = snapshotOfEarlierVersions();
    server.close();
    Locations locations = new Locations(hub());

    assertThat(locations.checkpoint(STEP_1000.toString())).isEqualTo(folder);
    assertThat(locations.tokenizer(STEP_1000.toString())).hasContent("{}");
  }

  @Test
  void theCheckpointOfASnapshotWithoutTokenizerIsNotAskedFor() throws IOException {
    Path folder = snapshotOfEarlierVersions();
    Files.delete(folder.resolve("tokenizer.json"));
    server.close();

    assertThat(hub().fetch(STEP_1000)).isEqualTo(folder);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 404, 503})
  void aHubThatRefusesIsNoErrorWhereThereIsATokenizer(int status) throws IOException {
    Path folder = snapshotOfEarlierVersions();
    server.apiStatus = status;

    assertThat(hub().fetchTokenizer(STEP_1000)).isEqualTo(folder);
  }

  @Test
  void aCacheThatMayOnlyBeReadServesWhatItHas() throws IOException {
    Path folder = snapshotOfEarlierVersions();
    forbidWriting();

    assertThat(hub().fetch(STEP_1000)).isEqualTo(folder);
    assertThat(new Locations(hub()).tokenizer(STEP_1000.toString())).hasContent("{}");
  }

  @Test
  void aTokenizerThatACacheCannotTakeIsAPassingFailure() throws IOException {
    Path folder = snapshotOfEarlierVersions();
    Files.delete(folder.resolve("tokenizer.json"));
    forbidWriting();

    assertThatThrownBy(() -> hub().fetchTokenizer(STEP_1000))
        .isInstanceOfSatisfying(CheckpointException.class, e -> assertThat(e.passing()).isTrue())
        .hasMessageContaining("cannot be used");
  }

  @Test
  void whatCouldNotBeCompletedIsNotTriedAgainUntilSomethingIsFetched() throws IOException {
    Path folder = snapshotOfEarlierVersions();
    Hub hub = hub();
    server.apiStatus = 503;
    hub.fetchTokenizer(STEP_1000);
    server.seen.clear();

    hub.fetchTokenizer(STEP_1000);
    assertThat(server.seen).isEmpty();

    server.apiStatus = 200;
    Files.delete(folder.resolve("pytorch_model.bin"));
    hub.fetch(STEP_1000);
    Files.delete(folder.resolve("tokenizer_config.json"));
    hub.fetchTokenizer(STEP_1000);
    assertThat(folder.resolve("tokenizer_config.json")).hasContent("{}");
  }

  /** Configuration, weights and {@code tokenizer.json}, though the hub has more. */
  private Path snapshotOfEarlierVersions() throws IOException {
    server.files.put("tokenizer.json", "{}".getBytes());
    server.files.put("tokenizer_config.json", "{}".getBytes());
    Path folder = hub().fetch(STEP_1000);
    Files.delete(folder.resolve("tokenizer_config.json"));
    try (Stream<Path> absences = Files.walk(cache.resolve("models--org--model/.no_exist"))) {
      absences.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
    return folder;
  }

  /** Takes away the folder of locks: whoever runs the tests may be allowed to write anywhere. */
  private void forbidWriting() throws IOException {
    try (Stream<Path> locks = Files.walk(cache.resolve(".locks"))) {
      locks.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
    Files.createFile(cache.resolve(".locks"));
  }

  @Test
  void thatThereIsNoTokenizerIsNotedAsHuggingFacesOwnToolsNoteIt() {
    hub().fetch(STEP_1000);

    Path absent = cache.resolve("models--org--model/.no_exist").resolve(FakeHub.COMMIT);
    assertThat(absent.resolve("tokenizer.json")).isEmptyFile();
    assertThat(absent.resolve("tokenizer_config.json")).isEmptyFile();
  }

  @Test
  void aLocationIsAFolderOrARevision() {
    Locations locations = new Locations(hub());

    assertThat(Locations.named("org/model@step1000")).isEqualTo("hf:org/model@step1000");
    assertThat(locations.checkpoint("hf:org/model@step1000")).isEqualTo(hub().fetch(STEP_1000));
    assertThat(Locations.named(cache.toString())).isEqualTo(cache.toString());
    assertThat(locations.checkpoint(cache.toUri().toString())).isEqualTo(cache);
    assertThatThrownBy(() -> locations.checkpoint(Locations.named("pythia-70m@step7")))
        .hasMessageContaining("hf:EleutherAI/pythia-70m@step7");
  }

  @Test
  void theRefsOfARepositoryAreListed() {
    assertThat(hub().refs("org/model"))
        .containsExactly(
            new Hub.Ref("step1000", FakeHub.COMMIT), new Hub.Ref("v1", FakeHub.COMMIT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf:../../etc@main",
        "hf:org/model@../../x",
        "hf:org/model/more@main",
        "hf:org/model@",
        "hf:/model@main",
        "hf:org/model@a b",
        "hf:http://elsewhere/x@main"
      })
  void namesThatLeadElsewhereAreRefused(String location) {
    assertThatThrownBy(() -> HubReference.parse(location)).isInstanceOf(CheckpointException.class);
  }

  @Test
  void settingsAreThoseOfHuggingFacesOwnTools() {
    HubSettings settings =
        HubSettings.from(
            Map.of("HF_HOME", "/h", "HF_TOKEN", " t\n", "HF_ENDPOINT", "https://mirror/"));

    assertThat(settings.endpoint()).isEqualTo(URI.create("https://mirror"));
    assertThat(settings.token()).contains("t");
    assertThat(settings.cache()).isEqualTo(Path.of("/h/hub"));
    assertThat(HubSettings.from(Map.of("HF_HUB_CACHE", "/c", "HF_HUB_OFFLINE", "1")))
        .isEqualTo(
            new HubSettings(
                URI.create("https://huggingface.co"),
                Optional.empty(),
                Path.of("/c"),
                true,
                Duration.ofSeconds(30),
                Duration.ofSeconds(1)));
  }

  private Hub hub() {
    return new Hub(settings(false));
  }

  private HubSettings settings(boolean offline) {
    return new HubSettings(
        server.address(),
        Optional.of("secret"),
        cache,
        offline,
        Duration.ofMillis(500),
        Duration.ofMillis(5));
  }

  private static void assertSound(Path folder) throws IOException {
    assertThat(Fingerprint.of(Checkpoint.open(folder).weights()))
        .isEqualTo(Fingerprint.of(Checkpoint.open(Formats.folder("f32", "torch")).weights()));
  }

  private void assertRefused(HubReference reference, boolean passing, String... why) {
    assertThatThrownBy(() -> hub().fetch(reference))
        .isInstanceOfSatisfying(
            CheckpointException.class, e -> assertThat(e.passing()).isEqualTo(passing))
        .hasMessageContainingAll(why);
  }
}
