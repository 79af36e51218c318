package io.millrace.jobs;

import io.millrace.SpecException;
import io.millrace.UnavailableException;
import io.millrace.ingest.SpecDraft;
import io.millrace.jobs.cli.Draft;
import io.millrace.jobs.console.Console;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes a commented spec out of data files; never over one that is there. */
final class InitVerb {

  private InitVerb() {}

  static int run(Draft draft, Console console) {
    if (!draft.pipeline().matches("[a-z][a-z0-9-]{0,89}")) {
      throw new SpecException(
          "init: '"
              + draft.pipeline()
              + "' is no name of a pipeline; use lower case, digits and hyphens, 90 characters at most");
    }
    Path file = draft.place().conf().resolve(draft.pipeline() + ".yaml");
    if (Files.exists(file)) {
      throw there(file);
    }
    try (Places.Opened opened = Places.open(draft.place(), console)) {
      String yaml =
          SpecDraft.yaml(
              () -> opened.lake().spark(),
              new SpecDraft.Options(
                  draft.pipeline(),
                  draft.from(),
                  draft.label(),
                  draft.columns(),
                  draft.testFiles()));
      write(file, yaml);
      console.print("wrote " + file + ": read it, then");
      console.print("  bin/millrace check " + draft.pipeline());
      console.print("  bin/millrace run " + draft.pipeline() + " --date DATE");
      console.print("  bin/millrace daily " + draft.pipeline() + " --date DATE");
      return 0;
    }
  }

  private static SpecException there(Path file) {
    return new SpecException(
        "init: " + file + " is there already; choose another name, or move it away");
  }

  private static void write(Path file, String yaml) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, yaml, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw there(file);
    } catch (IOException e) {
      throw new UnavailableException("init: " + file + " can't be written: " + e.getMessage(), e);
    }
  }
}
