package dev.castalia.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeysTest {

  /** Of "correct horse", by sha256sum. */
  private static final String HASH =
      "4104d36f8da2c254349f85836793ebe029e0c957063a34c91c2e9203187b5631";

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("keys");
  }

  @Test
  void aKeyIsKnownByItsHash() throws IOException {
    Files.writeString(file, "# the lab's\n\nada  producer " + HASH + "\n");
    ApiKeys keys = keys();

    assertThat(keys.find("correct horse")).contains(new Caller("ada", Optional.of(Role.PRODUCER)));
    assertThat(keys.find("battery staple")).isEmpty();
    assertThat(keys.find(HASH)).isEmpty();
  }

  @Test
  void withoutAFileNobodyHasAKey() {
    assertThat(new ApiKeys(Optional.empty(), Duration.ZERO).find("correct horse")).isEmpty();
  }

  @Test
  void aKeyIsWithdrawnByTakingItOutOfTheFile() throws IOException {
    Files.writeString(file, "ada producer " + HASH);
    ApiKeys keys = keys();
    Files.writeString(file, "");

    assertThat(keys.find("correct horse")).isEmpty();
  }

  @Test
  void aFileThatHasBecomeWrongChangesNothing() throws IOException {
    Files.writeString(file, "ada producer " + HASH);
    ApiKeys keys = keys();
    Files.writeString(file, "ada boss " + HASH);

    assertThat(keys.find("correct horse")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ada", "ada boss " + HASH, "ada reader hunter2", "ada reader x y"})
  void aLineThatIsWrongIsNamedByItsNumberAndNotRepeated(String line) throws IOException {
    Files.writeString(file, "# keys\n" + line);

    assertThatIllegalArgumentException()
        .isThrownBy(this::keys)
        .withMessageStartingWith("Line 2 of " + file)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("ada", "hunter2"));
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(this::keys)
        .withMessageContaining("castalia.gateway.access.api-keys names " + file);
  }

  private ApiKeys keys() {
    return new ApiKeys(Optional.of(file), Duration.ZERO);
  }
}
