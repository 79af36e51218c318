package io.millrace.jobs;

import io.millrace.MillraceException;
import io.millrace.SpecException;
import io.millrace.config.EnvSpec;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.mirror.FinishedRun;
import io.millrace.jobs.mirror.LineageMirror;
import io.millrace.jobs.mirror.MlflowMirror;
import io.millrace.jobs.mirror.Patience;
import io.millrace.table.Lake;
import io.millrace.table.RunLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;

/** Tells the servers that a place names what the lake says. */
final class Mirrors {

  private final EnvSpec environment;
  private final Map<String, String> variables;
  private final Lake lake;
  private final Console console;
  private final Instant since;

  /**
   * @param variables of the process, which hold the credentials
   * @param since runs that began later are of this process
   */
  Mirrors(
      EnvSpec environment,
      Map<String, String> variables,
      Lake lake,
      Console console,
      Instant since) {
    this.environment = environment;
    this.variables = variables;
    this.lake = lake;
    this.console = console;
    this.since = since;
  }

  /** Pipelines that have run, sorted. */
  static TreeSet<String> pipelines(Lake lake) {
    TreeSet<String> names = new TreeSet<>();
    new RunLog(lake).rows().forEach(row -> names.add((String) row.get("pipeline")));
    return names;
  }

  /** Whether there is a server to tell: nobody is told of what is done on a branch. */
  boolean any() {
    return !lake.isBranch()
        && (environment.mlflow().isPresent() || environment.openLineage().isPresent());
  }

  /** After a command that may have made, judged or promoted a model. */
  void ofModels(Work work) {
    if (environment.mlflow().isPresent()) {
      quietly(
          work.name(), () -> models(work.name(), Patience.brief()).untold().forEach(console::warn));
    }
    ofRuns(work);
  }

  /** After any command. */
  void ofRuns(Work work) {
    if (environment.openLineage().isPresent()) {
      quietly(work.name(), () -> runs(work.name(), Patience.brief()));
    }
  }

  /** After a command that ended in a fault: no row of the lake tells of it, so it is told now. */
  void failed(Work work, MillraceException fault) {
    if (environment.openLineage().isPresent() && work.running().isPresent()) {
      Work.Running stage = work.running().get();
      FinishedRun run =
          new FinishedRun(
              UUID.randomUUID().toString().replace("-", ""),
              work.name(),
              stage.stage().word(),
              stage.date(),
              stage.started(),
              Instant.now(),
              Optional.of(String.valueOf(fault.getMessage())),
              List.of(),
              List.of(),
              0,
              BuildInfo.version(),
              work.specHash(),
              true);
      quietly(work.name(), () -> lineage(Patience.brief()).tell(run));
    }
  }

  /** What fails is one warning, since the next command catches up. */
  private void quietly(String pipeline, Runnable tell) {
    try {
      tell.run();
    } catch (RuntimeException e) {
      String what = e instanceof MillraceException ? e.getMessage() : "mirror: a bug: " + e;
      console.warn(
          what.lines().findFirst().orElse("")
              + "; nothing is lost: a later command, or `millrace mirror "
              + pipeline
              + "`, tells the rest");
    }
  }

  /**
   * As a command of its own: what fails is its fault, when all that can be told is told.
   *
   * @throws MillraceException the first fault; a server that had one isn't asked again
   */
  void now(List<String> pipelines) {
    if (lake.isBranch()) {
      throw new SpecException("mirror: servers are told of main alone; leave --branch out");
    }
    if (!any()) {
      throw new SpecException(
          "mirror: this place names no server to tell; add mlflow: {uri: https://…} or"
              + " open-lineage: {url: https://…} to its file in conf/env");
    }
    List<MillraceException> faults = new ArrayList<>();
    List<Consumer<String>> servers = new ArrayList<>();
    environment.mlflow().ifPresent(any -> servers.add(this::modelsNow));
    environment.openLineage().ifPresent(any -> servers.add(this::runsNow));
    for (String pipeline : pipelines) {
      for (Consumer<String> server : List.copyOf(servers)) {
        try {
          server.accept(pipeline);
        } catch (MillraceException e) {
          faults.add(e);
          servers.remove(server);
        }
      }
    }
    if (!faults.isEmpty()) {
      faults.stream().skip(1).map(MillraceException::getMessage).forEach(console::warn);
      throw faults.get(0);
    }
  }

  private void modelsNow(String pipeline) {
    MlflowMirror.Told told = models(pipeline, Patience.ample());
    console.print(pipeline + ": " + said(told));
    told.untold().forEach(console::warn);
  }

  private void runsNow(String pipeline) {
    int told = runs(pipeline, Patience.ample());
    console.print(
        pipeline
            + ": OpenLineage "
            + (told == 0 ? "knows all" : "was told of " + told + (told == 1 ? " run" : " runs")));
  }

  private MlflowMirror.Told models(String pipeline, Patience patience) {
    ModelFacts facts = new ModelFacts(lake, pipeline);
    return new MlflowMirror(environment.mlflow().orElseThrow(), variables, patience)
        .bring(pipeline, facts.models(), facts.champion());
  }

  private int runs(String pipeline, Patience patience) {
    return new Announcements(lake, pipeline, environment.openLineage().orElseThrow(), since)
        .tell(lineage(patience));
  }

  private LineageMirror lineage(Patience patience) {
    return new LineageMirror(environment.openLineage().orElseThrow(), variables, patience);
  }

  private static String said(MlflowMirror.Told told) {
    List<String> said = new ArrayList<>();
    if (told.models() > 0) {
      said.add("was told of " + told.models() + (told.models() == 1 ? " model" : " models"));
    }
    told.champion().ifPresent(version -> said.add("has " + version + " as champion now"));
    return "MLflow " + (said.isEmpty() ? "knows all" : String.join(", ", said));
  }
}
