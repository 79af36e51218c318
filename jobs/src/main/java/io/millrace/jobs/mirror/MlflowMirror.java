package io.millrace.jobs.mirror;

import io.millrace.DataException;
import io.millrace.Hashes;
import io.millrace.config.MlflowSpec;
import io.millrace.jobs.mirror.MlflowApi.Registered;
import io.millrace.jobs.mirror.MlflowApi.Run;
import io.millrace.jobs.mirror.MlflowApi.Version;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Brings an MLflow server up to what the lake says of a pipeline's models. What it lacks is found
 * by asking it: the tags of the registered model's versions tell what each was told of. A version
 * is made last, so that one that stands there is whole.
 *
 * <p>MLflow has no compare-and-swap. Two processes at once may both make a run or a version; both
 * then look again, and keep the one with the least id. What is left of a process that died in
 * between is found by the next one that has something to tell of that model.
 */
public final class MlflowMirror {

  /** Names our version in runs and versions. */
  public static final String VERSION = "millrace.model_version";

  private static final String PIPELINE = "millrace.pipeline";
  private static final String NAME = "millrace.registered_model";
  private static final String MIRRORED = "millrace.mirrored";
  private static final String FILES = "millrace.files";
  private static final String CHAMPION = "champion";
  private static final String FOLDER = "model";

  /** What servers of all ages take. */
  private static final int LONGEST_PARAM = 500;

  private static final int LONGEST_TAG = 5000;

  private final MlflowSpec spec;
  private final MlflowApi api;

  public MlflowMirror(MlflowSpec spec, Map<String, String> environment, Patience patience) {
    this.spec = spec;
    this.api =
        new MlflowApi(
            new JsonServer(
                "MLflow",
                spec.uri(),
                Credentials.ofMlflow(environment),
                "MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD",
                patience));
  }

  /**
   * What was told.
   *
   * @param models versions that were made or told anew
   * @param champion the version that the alias was moved to, if it was
   * @param untold why the server wasn't told of some: their files are gone or aren't what was saved
   */
  public record Told(int models, Optional<String> champion, List<String> untold) {
    public Told {
      untold = List.copyOf(untold);
    }
  }

  /**
   * Tells what the server lacks of a pipeline.
   *
   * @param models all versions, the oldest first
   * @param champion the version in force now
   * @throws io.millrace.UnavailableException where the server can't be reached or refuses; what was
   *     told until then stands
   */
  public Told bring(String pipeline, List<TrackedModel> models, Optional<String> champion) {
    if (models.isEmpty()) {
      return new Told(0, Optional.empty(), List.of());
    }
    String name = spec.modelOf(pipeline);
    Optional<Registered> registered = api.registered(name);
    Map<String, Version> known = new LinkedHashMap<>();
    registered.ifPresent(there -> api.versions(name).forEach(one -> note(known, name, one)));
    int told = 0;
    List<String> untold = new ArrayList<>();
    String experiment = "";
    for (TrackedModel model : models) {
      Version version = known.get(model.version());
      if (version == null || !model.digest().equals(version.tags().get(MIRRORED))) {
        if (experiment.isEmpty()) {
          experiment = api.experiment(spec.experimentOf(pipeline));
        }
        try {
          known.put(model.version(), tell(experiment, name, model, Optional.ofNullable(version)));
          told++;
        } catch (DataException e) {
          untold.add(e.getMessage()); // the others are told nevertheless
        }
      }
    }
    return new Told(told, move(name, registered, champion.map(known::get)), untold);
  }

  /** Of two that tell of one model the later one goes. */
  private void note(Map<String, Version> known, String name, Version version) {
    String ours = version.tags().get(VERSION);
    if (ours != null && known.putIfAbsent(ours, version) != null) {
      api.deleteVersion(name, version.number());
    }
  }

  private Optional<String> move(
      String name, Optional<Registered> registered, Optional<Version> champion) {
    Optional<String> there = registered.map(found -> found.aliases().get(CHAMPION));
    if (champion.isEmpty() || champion.map(Version::number).equals(there)) {
      return Optional.empty();
    }
    api.alias(name, CHAMPION, champion.get().number());
    return Optional.of(champion.get().tags().get(VERSION));
  }

  private Version tell(
      String experiment, String name, TrackedModel model, Optional<Version> version) {
    Map<String, String> params = model.params().get(); // first: of a model without files no run
    Run run = run(experiment, name, model, version.map(Version::run));
    logParams(run, params);
    api.metrics(run.id(), model.metrics());
    api.tags(run.id(), cut(model.tags(), LONGEST_TAG));
    upload(run, model);
    if (!run.finished()) {
      api.finish(run.id(), model);
    }
    if (version.isPresent()) {
      api.tagVersion(name, version.get().number(), MIRRORED, model.digest());
      return version.get();
    }
    return version(name, model, run);
  }

  /**
   * The run of a model: that of its version, else the one with the least id, else a new one. Two
   * lakes may tell of the same model in one experiment, under two registered names.
   */
  private Run run(String experiment, String name, TrackedModel model, Optional<String> preferred) {
    Map<String, String> key = Map.of(PIPELINE, model.pipeline(), VERSION, model.version());
    List<Run> runs = ours(experiment, name, key);
    if (runs.isEmpty()) {
      Map<String, String> tags = new TreeMap<>(cut(model.place(), LONGEST_TAG));
      tags.putAll(key);
      tags.put(NAME, name);
      Run made = api.create(experiment, model, tags);
      runs.addAll(ours(experiment, name, key));
      if (runs.stream().noneMatch(run -> run.id().equals(made.id()))) {
        runs.add(made);
      }
    }
    runs.sort(Comparator.comparing(Run::id));
    Run kept =
        runs.stream()
            .filter(run -> preferred.equals(Optional.of(run.id())))
            .findFirst()
            .orElse(runs.get(0));
    for (Run run : runs) {
      if (!run.id().equals(kept.id())) {
        api.deleteRun(run.id());
      }
    }
    return kept;
  }

  private List<Run> ours(String experiment, String name, Map<String, String> key) {
    List<Run> runs = new ArrayList<>(api.runs(experiment, key));
    runs.removeIf(run -> !run.tags().getOrDefault(NAME, name).equals(name));
    return runs;
  }

  /** Only those that aren't there: MLflow refuses another value, and an older build may differ. */
  private void logParams(Run run, Map<String, String> all) {
    Map<String, String> params = new TreeMap<>(cut(all, LONGEST_PARAM));
    params.keySet().removeAll(run.params().keySet());
    api.params(run.id(), params);
  }

  /** The model's files, where the server takes files for others, and once. */
  private void upload(Run run, TrackedModel model) {
    String hash = Hashes.sha256Hex(model.files().toString());
    if (run.proxied().isEmpty() || hash.equals(run.tags().get(FILES))) {
      return;
    }
    String folder = run.proxied().get() + "/" + FOLDER;
    model.files().keySet().forEach(file -> api.upload(folder, file, model.content().of(file)));
    api.tags(run.id(), Map.of(FILES, hash));
  }

  private Version version(String name, TrackedModel model, Run run) {
    api.register(name, "Pipeline " + model.pipeline() + ", mirrored by Millrace");
    Map<String, String> tags = Map.of(VERSION, model.version(), MIRRORED, model.digest());
    api.createVersion(name, run, tags, model.name());
    List<Version> ours =
        api.versions(name).stream()
            .filter(one -> model.version().equals(one.tags().get(VERSION)))
            .toList();
    for (Version late : ours.subList(1, ours.size())) {
      api.deleteVersion(name, late.number());
    }
    return ours.get(0);
  }

  private static Map<String, String> cut(Map<String, String> texts, int longest) {
    Map<String, String> cut = new TreeMap<>();
    texts.forEach(
        (key, text) ->
            cut.put(key, text.length() > longest ? text.substring(0, longest - 2) + " …" : text));
    return cut;
  }
}
