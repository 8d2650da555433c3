package dev.castalia.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.cli.cluster.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {

  private static final Pattern COMMAND = Pattern.compile("(?m)^(\\$ )?./castalia (.*\\\\\n)*.*$");
  private static final Pattern QUOTED = Pattern.compile("'[^']*'|\"[^\"]*\"");
  private static final Pattern COMMENT = Pattern.compile(" #.*");

  /** zsh, which is what macOS has, refuses a pattern that fits no file. */
  @Test
  void patternsInCommandsAreQuoted() throws IOException {
    Path readme = Installation.find().root().resolve("README.md");
    List<String> commands =
        COMMAND.matcher(Files.readString(readme)).results().map(it -> it.group()).toList();

    assertThat(commands)
        .hasSizeGreaterThan(20)
        .extracting(it -> COMMENT.matcher(QUOTED.matcher(it).replaceAll("")).replaceAll(""))
        .noneMatch(it -> it.matches("(?s).*[*?\\[].*"));
  }
}
