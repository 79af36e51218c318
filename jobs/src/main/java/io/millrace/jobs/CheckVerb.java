package io.millrace.jobs;

import io.millrace.MillraceException;
import io.millrace.SpecException;
import io.millrace.config.ConfFolder;
import io.millrace.config.EnvSpec;
import io.millrace.config.PipelineSpec;
import io.millrace.config.SpecReader;
import io.millrace.config.Variables;
import io.millrace.jobs.cli.Place;
import io.millrace.jobs.console.Console;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Checks specs; the faults of all of them are told before it ends. */
final class CheckVerb {

  private CheckVerb() {}

  static int run(List<String> pipelines, Place place, Console console) {
    Variables variables = Places.variables(place);
    EnvSpec environment = OnCluster.sized(Places.environment(place, variables));
    Variables all = variables.with(environment);
    Map<String, Path> files = new TreeMap<>();
    if (pipelines.isEmpty()) {
      files.putAll(ConfFolder.pipelines(place.conf()));
      if (files.isEmpty()) {
        throw new SpecException(
            place.conf()
                + ": there is no pipeline in it; make one: millrace init NAME --from FILE"
                + " --label COLUMN");
      }
    } else {
      pipelines.forEach(name -> files.put(name, ConfFolder.find(place.conf(), name)));
    }
    List<String> faults = new ArrayList<>();
    Map<Path, PipelineSpec> specs = new LinkedHashMap<>();
    files.forEach(
        (name, file) -> {
          try {
            PipelineSpec spec = SpecReader.pipeline(file, all, Places.overrides(place));
            specs.put(file, spec);
            List<String> ofPlace = OnCluster.faults(environment, file, spec);
            faults.addAll(ofPlace);
            if (ofPlace.isEmpty()) {
              console.info(file + ": fine");
            }
          } catch (MillraceException e) {
            faults.add(e.getMessage());
          }
        });
    faults.addAll(SharedSources.faults(specs));
    if (!faults.isEmpty()) {
      throw new SpecException(String.join("\n", faults));
    }
    if (environment.onCluster()) {
      console.info("a command of a date is submitted by:");
      console.print(OnCluster.shown(place, console));
    }
    return 0;
  }
}
