package dev.castalia.scoring.task.helper;

import dev.castalia.scoring.TaskException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Finds the equivalents of Python functions. */
public final class Helpers {

  private static final List<HelperFile> FILES =
      List.of(
          CrowsPairs.FILE,
          Hellaswag.FILE,
          Kobest.FILE,
          Logiqa.FILE,
          SuperGlueWsc.FILE,
          Wikitext.FILE,
          Winogrande.FILE,
          Wsc273.FILE);

  private static final String REMEDY = "write a template in its place, or leave the task out";

  private Helpers() {}

  /**
   * @param where the task's file and the key that names the function, for errors
   * @throws TaskException if the function is not one of those known, or its file is another one
   */
  public static Helper find(String where, FunctionReference reference) {
    String sha256 = sha256(where, reference);
    List<HelperFile> here = FILES.stream().filter(it -> it.isAt(reference.file())).toList();
    for (HelperFile file : here) {
      if (file.sha256().equals(sha256)) {
        Helper helper = file.functions().get(reference.function());
        if (helper == null) {
          throw unknown(where, reference);
        }
        return helper;
      }
    }
    if (here.isEmpty()) {
      throw unknown(where, reference);
    }
    throw new TaskException(
        "%s: %s: %s is not the file that Castalia has an equivalent of: its SHA-256 is %s, not %s; restore it, %s"
            .formatted(
                where, reference, reference.file(), sha256, here.getFirst().sha256(), REMEDY));
  }

  private static TaskException unknown(String where, FunctionReference reference) {
    return new TaskException(
        "%s: %s of %s is Python code, which Castalia does not run and has no equivalent of; %s"
            .formatted(where, reference, reference.file(), REMEDY));
  }

  private static String sha256(String where, FunctionReference reference) {
    Path file = reference.file();
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      throw new TaskException(where + ": " + reference + ": " + file + " does not exist", e);
    } catch (IOException e) {
      throw TaskException.unreadable(file, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
