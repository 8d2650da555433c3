package dev.castalia.scoring.source;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** What is in a folder from which other processes may remove files meanwhile. */
final class FoundFiles {

  private FoundFiles() {}

  /** Something done with a file or a link, which is not followed. */
  interface Each {
    void visit(Path file, BasicFileAttributes attributes) throws IOException;
  }

  /** Visits all files and links, of folders in it too; none where there is no such folder. */
  static void forEach(Path folder, Each each) throws IOException {
    Files.walkFileTree(folder, new Visitor(each));
  }

  /** Deletes a folder with all that is in it. */
  static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new Visitor((file, _) -> Files.deleteIfExists(file)) {
          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            Files.deleteIfExists(visited);
            return super.postVisitDirectory(visited, failure);
          }
        });
  }

  private static class Visitor extends SimpleFileVisitor<Path> {

    private final Each each;

    Visitor(Each each) {
      this.each = each;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      each.visit(file, attributes);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }
  }
}
