package io.millrace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Environments of {@code bin/venv}. */
public final class PythonVenv {

  private PythonVenv() {}

  /** The folder of an environment, made by {@code bin/venv} where it isn't there yet. */
  public static Path of(String name) {
    try {
      Path root = Path.of("").toAbsolutePath();
      while (!Files.exists(root.resolve("bin/venv"))) {
        root = root.getParent();
      }
      Path said = Files.createTempFile("venv", ".txt");
      Process made =
          new ProcessBuilder(root.resolve("bin/venv").toString(), name)
              .redirectError(said.toFile())
              .start();
      made.getOutputStream().close();
      String folder =
          new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (folder.isEmpty()) {
        throw new IllegalStateException(Files.readString(said));
      }
      return Path.of(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
