package dev.castalia.scoring.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castalia.scoring.CheckpointException;
import dev.castalia.scoring.NanoSuite;
import dev.castalia.scoring.model.Passage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {

  private static Tokenizer tokenizer;

  @TempDir private Path folder;

  @BeforeAll
  static void load() {
    tokenizer = Tokenizer.load(NanoSuite.bundled());
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void nothingIsAddedToAText() {
    assertThat(tokenizer.encode("<|endoftext|>")).containsExactly(0);
    assertThat(tokenizer.encode("")).isEmpty();
    assertThat(tokenizer.encode("The dog the dog")).doesNotContain(0);
  }

  @Test
  void aLongTextIsNotCut() {
    assertThat(tokenizer.encode(" dog".repeat(5000))).hasSizeGreaterThanOrEqualTo(5000);
  }

  @Test
  void moreJsonThanATokenizersIsRefused() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("tokenizer.json"),
            "{\"normalizer\": [%s0]}".formatted("0,".repeat(4_000_000)));

    assertThatThrownBy(() -> Tokenizer.load(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(file + ": more JSON than there rightly is")
        .hasMessageContaining("maximum allowed (4000000");
  }

  @Test
  void whatIsNoTokenizerIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("tokenizer.json"), "{\"version\": 1}");

    assertThatThrownBy(() -> Tokenizer.load(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(file.toString());
    assertThatThrownBy(() -> Tokenizer.load(folder.resolve("absent")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("no tokenizer there");
  }

  @Test
  void theContextsTrailingSpaceGoesToTheContinuation() {
    PairEncoder encoder = new PairEncoder(tokenizer);

    TokenPair spaceInContext = encoder.encode("The dog \n ", "runs");
    TokenPair spaceInContinuation = encoder.encode("The dog", " \n runs");

    assertThat(spaceInContext.context())
        .containsExactly(tokenizer.encode("The dog"))
        .containsExactly(spaceInContinuation.context());
    assertThat(spaceInContext.continuation()).containsExactly(spaceInContinuation.continuation());
  }

  @Test
  void theContinuationIsWhatTheWholeHasBeyondTheContext() {
    TokenPair pair = new PairEncoder(tokenizer).encode("The do", "gs run");
    int[] whole = tokenizer.encode("The dogs run");
    int context = tokenizer.encode("The do").length;

    assertThat(pair.continuation()).hasSize(whole.length - context);
    assertThat(pair.continuation()[0]).isEqualTo(whole[context]);
  }

  @Test
  void anEmptyContextIsThePrefixToken() {
    Passage passage = new TokenPair(new int[0], new int[] {5, 6}).passage(0, 10);

    assertThat(passage.input()).containsExactly(0, 5);
    assertThat(passage.targets()).containsExactly(5, 6);
  }

  @Test
  void aContinuationThatBeginsWithThePrefixTokenNeedsNoOther() {
    Passage passage = new TokenPair(new int[0], new int[] {0, 6, 7}).passage(0, 10);

    assertThat(passage.input()).containsExactly(0, 6);
    assertThat(passage.targets()).containsExactly(6, 7);
  }

  @Test
  void aDocumentLongerThanTheContextIsCutFromTheLeft() {
    Passage whole = new TokenPair(new int[] {1, 2, 3}, new int[] {4, 5}).passage(0, 4);
    Passage cut = new TokenPair(new int[] {1, 2, 3}, new int[] {4, 5}).passage(0, 3);
    Passage atTheLimit = new TokenPair(new int[] {1, 2, 3}, new int[] {4, 5}).passage(0, 2);

    assertThat(whole.input()).containsExactly(1, 2, 3, 4);
    assertThat(cut.input()).containsExactly(2, 3, 4);
    assertThat(atTheLimit.input()).containsExactly(3, 4);
    assertThat(List.of(whole, cut, atTheLimit))
        .allSatisfy(passage -> assertThat(passage.targets()).containsExactly(4, 5));
  }

  @Test
  void aContinuationLongerThanTheContextIsRefused() {
    assertThatThrownBy(() -> new TokenPair(new int[] {1}, new int[] {4, 5, 6}).passage(0, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("continuation of 3 tokens does not fit into a context of 2");
  }

  @Test
  void rollingWindowsAreTheHarnesss() throws IOException {
    JsonNode golden =
        new ObjectMapper().readTree(TokensTest.class.getResource("/golden/rolling-windows.json"));
    for (JsonNode one : golden) {
      int count = one.path("tokens").asInt();
      int limit = one.path("limit").asInt();
      int[] tokens = IntStream.range(100, 100 + count).toArray();

      List<Passage> windows = RollingWindows.of(tokens, 0, limit);

      assertThat(windows).as("%d tokens by %d", count, limit).hasSize(one.path("windows").size());
      for (int i = 0; i < windows.size(); i++) {
        JsonNode window = one.path("windows").get(i);
        Passage expected =
            new TokenPair(ints(window.path("context")), ints(window.path("targets")))
                .passage(0, limit);
        assertThat(windows.get(i)).usingRecursiveComparison().isEqualTo(expected);
      }
    }
  }

  @Test
  void wordsAreThePartsBetweenPythonsWhiteSpace() {
    assertThat(List.of("a b  c", " a ", "", "a\u3000b\u001cc", "a\u200bb"))
        .extracting(PythonSpace::words)
        .containsExactly(3, 3, 1, 3, 1);
  }

  private static int[] ints(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
  }
}
