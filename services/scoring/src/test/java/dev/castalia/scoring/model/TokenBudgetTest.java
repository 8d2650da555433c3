package dev.castalia.scoring.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.castalia.scoring.EvaluationException;
import dev.castalia.scoring.NanoSuite;
import dev.castalia.scoring.checkpoint.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done about memory that runs out, with a runtime that has it for so many tokens. */
class TokenBudgetTest {

  private static final Checkpoint CHECKPOINT = Checkpoint.open(NanoSuite.bundledCheckpoint());

  private static final Limits LIMITS = new Limits(64, 64, 1);

  private final TokenBudget budget = new TokenBudget(CHECKPOINT, LIMITS);
  private final List<Batch> done = new ArrayList<>();

  @Test
  void whereTheMemoryRunsOutHalfAsManyTokensGoOn() {
    TokenBudget.Spent spent = budget.run(batches(16, 8), runtimeWithMemoryFor(20), Progress.NONE);

    assertThat(done).extracting(Batch::places).containsOnly(16L).hasSize(8);
    assertThat(passages()).containsExactlyElementsOf(IntStream.range(0, 16).boxed().toList());
    assertThat(spent).isEqualTo(new TokenBudget.Spent(16 * 8, 16 * 8));
  }

  @Test
  void theBudgetStaysHalved() {
    budget.run(batches(16, 8), runtimeWithMemoryFor(20), Progress.NONE);

    assertThat(budget.limits().tokens()).isEqualTo(16);
  }

  @Test
  void javasOwnMemoryCountsAsTheRuntimes() {
    TokenBudget.Run run =
        batch -> {
          if (batch.rows().size() > 1) {
            throw new OutOfMemoryError("Cannot reserve 512 bytes of direct buffer memory");
          }
          done.add(batch);
        };
    budget.run(batches(4, 8), run, Progress.NONE);

    assertThat(passages()).containsExactly(0, 1, 2, 3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Error code - ORT_RUNTIME_EXCEPTION - message: std::bad_alloc",
        "CUDA failure 2: out of memory ; GPU=0 ; hostname=gpu ; expr=cudaMalloc((void**)&p, size);",
        "Failed to allocate memory for requested buffer of size 8000",
        "Exception during initialization: CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0 ; "
            + "hostname=gpu ; expr=cublasCreate(&cublas_handle_);",
        "CUDNN failure 4: CUDNN_STATUS_ALLOC_FAILED ; GPU=0 ; expr=cudnnCreate(&cudnn_handle_);"
      })
  void memoryHasRunOutHoweverTheRuntimeSaysIt(String message) {
    assertThat(TokenBudget.isOutOfMemory(new OrtException(message))).isTrue();
  }

  @Test
  void oneRowIsTheLeastAndItsFailureSaysWhatItNeeded() {
    assertThatThrownBy(() -> budget.run(batches(16, 8), runtimeWithMemoryFor(4), Progress.NONE))
        .isInstanceOfSatisfying(EvaluationException.class, e -> assertThat(e.passing()).isFalse())
        .hasMessageContaining("no memory for one row of 8 tokens")
        .hasMessageContaining("buffer of size 8000")
        .hasMessageContaining("run it where there is more");
    assertThat(done).isEmpty();
  }

  @Test
  void aPrefixThatIsTooMuchIsNotTakenForTheModelsParameters() {
    assertThat(budget.failure(5000, new OrtException("std::bad_alloc")))
        .hasMessageContaining("no memory for one row of 5000 tokens: std::bad_alloc")
        .extracting(EvaluationException::isOutOfMemory)
        .isEqualTo(true);
    assertThat(budget.failure(5000, new OrtException("no kernel")))
        .hasMessageContaining("running failed: no kernel");
  }

  @Test
  void whatIsNotAboutMemoryIsNotTriedAgain() {
    List<Batch> tried = new ArrayList<>();

    assertThatThrownBy(
            () ->
                budget.run(
                    batches(16, 8),
                    batch -> {
                      tried.add(batch);
                      throw new OrtException("no kernel");
                    },
                    Progress.NONE))
        .hasMessageContaining("running failed: no kernel");
    assertThat(tried).hasSize(1);
  }

  private TokenBudget.Run runtimeWithMemoryFor(int tokens) {
    return batch -> {
      if (batch.places() > tokens) {
        throw new OrtException(
            "Failed to allocate memory for requested buffer of size " + batch.places() * 1000);
      }
      done.add(batch);
    };
  }

  private static List<Batch> batches(int rows, int length) {
    List<TokenTree> trees = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      TokenTree tree = new TokenTree(0);
      tree.add(new Sequence(new int[length], 0, List.of(i)), 0);
      trees.add(tree);
    }
    return Batch.split(trees, LIMITS, 0, 0);
  }

  private List<Integer> passages() {
    return done.stream()
        .flatMap(batch -> batch.rows().stream())
        .flatMap(row -> row.last().passages().stream())
        .toList();
  }
}
