package io.millrace.jobs;

import io.millrace.SpecException;
import io.millrace.jobs.cli.Traced;
import io.millrace.jobs.console.Console;
import io.millrace.report.Pages;
import io.millrace.report.Section;
import io.millrace.report.SectionsPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Tells where a prediction comes from, and where a file or row went. Writes nothing. */
final class TraceVerb {

  private TraceVerb() {}

  static int run(Traced asked, Console console) {
    try (Places.Opened opened = Places.open(asked.place(), console)) {
      if (asked.forward().isPresent()) {
        ForwardVerb.run(asked, opened, console);
        return 0;
      }
      Optional<Work> present = opened.toRead(asked.pipeline().orElseThrow());
      List<Section> sections =
          new PredictionTrace(opened.lake(), console, present, asked).sections();
      tell("trace", "trace of a prediction", sections, asked.html(), console);
      return 0;
    }
  }

  /**
   * Tells sections on the terminal or to machines, and as a page where one is asked for.
   *
   * @param event what {@code event} says
   */
  static void tell(
      String event, String title, List<Section> sections, Optional<Path> html, Console console) {
    sections.forEach(
        section ->
            console.section(
                event, section.title(), section.facts(), section.headers(), section.rows()));
    html.ifPresent(file -> write(file, Pages.sections(new SectionsPage(title, event, sections))));
  }

  /** Writes a page where a person wants it. */
  static void write(Path file, String html) {
    try {
      Files.writeString(file, html);
    } catch (IOException e) {
      throw new SpecException(
          "--html: "
              + file
              + " can't be written ("
              + e
              + "); name a file in a folder that is there",
          e);
    }
  }
}
