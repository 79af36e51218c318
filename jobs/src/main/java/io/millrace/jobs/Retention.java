package io.millrace.jobs;

import io.delta.kernel.exceptions.KernelException;
import io.millrace.branch.Branch;
import io.millrace.branch.Branches;
import io.millrace.retain.Ancestry;
import io.millrace.retain.Histories;
import io.millrace.retain.Horizon;
import io.millrace.retain.Losses;
import io.millrace.retain.Need;
import io.millrace.retain.Pin;
import io.millrace.retain.PinLog;
import io.millrace.retain.Rules;
import io.millrace.retain.Vacuum;
import io.millrace.table.DataFile;
import io.millrace.table.Lake;
import io.millrace.table.RunLog;
import io.millrace.table.SmallTable;
import io.millrace.table.TableFolder;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What a lake's tables say is pinned: by promotions, by releases, by branches, by people. */
final class Retention implements Vacuum.Pins {

  private final Lake lake;

  Retention(Lake lake) {
    this.lake = lake;
  }

  /** All of a lake at one moment. */
  record Pinned(
      Ancestry ancestry,
      List<Map<String, Object>> models,
      List<PinLog.Entry> people,
      List<Pin> all) {

    /** What an entry of a person's pin needs; empty of a model that isn't in the table. */
    Optional<Pin> pin(PinLog.Entry entry) {
      Optional<List<Need>> needs =
          entry.version() >= 0
              ? Optional.of(List.of(Need.all(entry.table(), entry.version())))
              : models.stream()
                  .filter(model -> folder(model).equals(entry.table()))
                  .findFirst()
                  .map(ancestry::ofModel);
      return needs.map(of -> new Pin(Pin.Kind.PERSON, entry.pin(), entry.until(), of));
    }
  }

  /** The folder of a model, which stands for it in {@code pins}. */
  static String folder(Map<String, Object> model) {
    return "models/" + model.get("pipeline") + "/" + model.get("model_version");
  }

  @Override
  public List<Pin> read(Histories histories) {
    return pinned(histories).all();
  }

  /** What things came from, without what is pinned of it. */
  Pinned ancestors(Histories histories) {
    List<Map<String, Object>> models = rows(ResultTables.models());
    Ancestry ancestry = new Ancestry(histories, new RunLog(lake).rows());
    return new Pinned(ancestry, models, List.of(), List.of());
  }

  Pinned pinned(Histories histories) {
    List<PinLog.Entry> people = new PinLog(lake).entries();
    List<Map<String, Object>> promotions = rows(ResultTables.promotions());
    List<Map<String, Object>> releases = rows(ResultTables.releases());
    Pinned ancestors = ancestors(histories);
    Ancestry ancestry = ancestors.ancestry();
    List<Map<String, Object>> models = ancestors.models();
    Map<String, Pin> pins = new LinkedHashMap<>();
    for (Map<String, Object> promotion : promotions) {
      models.stream()
          .filter(model -> model.get("pipeline").equals(promotion.get("pipeline")))
          .filter(model -> model.get("model_version").equals(promotion.get("model_version")))
          .findFirst()
          .ifPresent(model -> pins.computeIfAbsent(folder(model), m -> promoted(ancestry, model)));
    }
    List<Pin> all = new ArrayList<>(pins.values());
    for (Map<String, Object> release : releases) {
      all.add(
          new Pin(
              Pin.Kind.RELEASE,
              release.get("pipeline") + " " + release.get("date"),
              Optional.empty(),
              ancestry.ofRelease(release)));
    }
    new Branches(lake).all().forEach(branch -> all.add(read(branch)));
    people.forEach(entry -> ancestors.pin(entry).ifPresent(all::add));
    return new Pinned(ancestry, models, people, List.copyOf(all));
  }

  private static Pin read(Branch branch) {
    List<Need> needs = new ArrayList<>();
    branch.versions().forEach((table, version) -> needs.add(Need.all(table, version)));
    return new Pin(Pin.Kind.BRANCH, branch.name(), Optional.empty(), needs);
  }

  private static Pin promoted(Ancestry ancestry, Map<String, Object> model) {
    return new Pin(
        Pin.Kind.MODEL,
        (String) model.get("model_version"),
        Optional.empty(),
        ancestry.ofModel(model));
  }

  private List<Map<String, Object>> rows(io.millrace.table.TableDefinition table) {
    return new SmallTable(lake, table).rows();
  }

  /** Why a model can't be trained again; empty where it can. */
  static Optional<String> lost(Lake lake, Map<String, Object> model) {
    Histories histories = new Histories(lake);
    Ancestry ancestry = new Retention(lake).ancestors(histories).ancestry();
    return new Horizon(histories, ancestry, List.of(), Rules.USUAL).lost(model);
  }

  /**
   * Why files of a version can't be read any more; empty where they can.
   *
   * @param needed which of them
   */
  static Optional<String> lost(Lake lake, String table, long version, Predicate<DataFile> needed) {
    Losses losses = new Losses(new Histories(lake));
    try {
      Set<String> there = TableFolder.names(lake, table);
      boolean whole =
          lake.at(table, version).files().stream()
              .filter(needed)
              .allMatch(file -> there.contains(file.name()));
      return whole ? Optional.empty() : losses.of(Need.all(table, version));
    } catch (KernelException e) {
      return losses.of(Need.all(table, version));
    }
  }

  /** Until when each model can be trained again. */
  static Horizon horizon(Lake lake, Rules rules) {
    Histories histories = new Histories(lake);
    Pinned pinned = new Retention(lake).pinned(histories);
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    List<Pin> holding = pinned.all().stream().filter(pin -> pin.holdsOn(today)).toList();
    return new Horizon(histories, pinned.ancestry(), holding, rules);
  }
}
