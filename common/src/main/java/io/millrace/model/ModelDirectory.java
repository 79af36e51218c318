package io.millrace.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a model's files lie: the one door to storage, so that this package knows no file system.
 */
public interface ModelDirectory {

  /** The bytes of the file {@code name}, as in {@code baseline/encoders.json}. */
  byte[] read(String name) throws IOException;

  /** Writes a whole file; folders come into being as needed. */
  void write(String name, byte[] bytes) throws IOException;

  /** The path or URI of the file, for messages. */
  String locate(String name);

  /** A directory of the local file system. */
  static ModelDirectory of(Path directory) {
    return new ModelDirectory() {
      @Override
      public byte[] read(String name) throws IOException {
        return Files.readAllBytes(directory.resolve(name));
      }

      @Override
      public void write(String name, byte[] bytes) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
      }

      @Override
      public String locate(String name) {
        return directory.resolve(name).toString();
      }
    };
  }
}
