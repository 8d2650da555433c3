package dev.castalia.scoring.task.helper;

import java.nio.file.Path;
import java.util.Map;

/**
 * A Python file of the harness and what its functions do.
 *
 * @param path from the folder of tasks: {@code winogrande/preprocess_winogrande.py}
 * @param sha256 of the file, 64 hexadecimal digits
 * @param functions by their names
 */
record HelperFile(String path, String sha256, Map<String, Helper> functions) {

  boolean isAt(Path file) {
    return file.endsWith(Path.of(path));
  }
}
