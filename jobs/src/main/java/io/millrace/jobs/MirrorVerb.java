package io.millrace.jobs;

import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.jobs.cli.Place;
import io.millrace.jobs.console.Console;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Tells servers all that they lack, and says what goes wrong. */
final class MirrorVerb {

  private MirrorVerb() {}

  static int run(Optional<String> pipeline, Place place, Console console) {
    try (Places.Opened opened = Places.open(place, console)) {
      TreeSet<String> known = Mirrors.pipelines(opened.lake());
      if (pipeline.isPresent() && !known.contains(pipeline.get())) {
        throw new SpecException(
            pipeline.get()
                + ": no run of it is in this lake; "
                + Nearest.mend(pipeline.get(), known, "pipelines"));
      }
      List<String> told = pipeline.map(List::of).orElse(List.copyOf(known));
      if (told.isEmpty()) {
        console.print("no runs yet");
      }
      opened.mirrors().now(told);
      return 0;
    }
  }
}
