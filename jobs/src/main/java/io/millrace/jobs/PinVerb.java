package io.millrace.jobs;

import io.millrace.DataException;
import io.millrace.Nearest;
import io.millrace.SpecException;
import io.millrace.UnavailableException;
import io.millrace.jobs.cli.Pinning;
import io.millrace.jobs.console.Console;
import io.millrace.retain.Histories;
import io.millrace.retain.Losses;
import io.millrace.retain.Need;
import io.millrace.retain.Pin;
import io.millrace.retain.PinLog;
import io.millrace.retain.VacuumLog;
import io.millrace.table.Lake;
import io.millrace.table.PinnedTable;
import io.millrace.table.SmallTable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Adds, takes back and lists pins. */
final class PinVerb {

  private static final int MOST_SHOWN = 3;

  private final Lake lake;
  private final Console console;

  private PinVerb(Lake lake, Console console) {
    this.lake = lake;
    this.console = console;
  }

  static int run(Pinning asked, Lake lake, Console console) {
    PinVerb verb = new PinVerb(lake, console);
    return switch (asked.action()) {
      case ADD -> verb.add(asked);
      case REMOVE -> verb.remove(asked);
      case LIST -> verb.list(asked.name());
    };
  }

  private int add(Pinning asked) {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    asked
        .until()
        .filter(until -> until.isBefore(today))
        .ifPresent(
            until -> {
              throw new SpecException(
                  "--until " + until + " is over; give a day that is to come, or none");
            });
    List<PinLog.Entry> entries = asked.what().stream().map(what -> entry(asked, what)).toList();
    requireThere(entries);
    lake.requireWritable();
    int added = new PinLog(lake).add(entries);
    // Written first, asked then: a vacuum that begins from now on reads the pin.
    Optional<Instant> vacuum = new VacuumLog(lake).underWay(Instant.now());
    if (vacuum.isPresent()) {
      throw new UnavailableException(
          ("pin %s: stands, but a vacuum that has been at work since %s may not know of it;\n"
                  + "the same command again, when that has ended, says whether all files are there")
              .formatted(asked.name().orElseThrow(), vacuum.get().truncatedTo(ChronoUnit.SECONDS)));
    }
    requireThere(entries);
    console.print(
        "pin %s: %s%s%s"
            .formatted(
                asked.name().orElseThrow(),
                entries.stream().map(PinLog.Entry::what).collect(Collectors.joining(", ")),
                asked.until().map(until -> " until " + until).orElse(""),
                added == 0 ? ", as before" : ""));
    return 0;
  }

  private PinLog.Entry entry(Pinning asked, String what) {
    String pin = asked.name().orElseThrow();
    Optional<String> model =
        new SmallTable(lake, ResultTables.models())
            .rows().stream()
                .filter(
                    row -> Set.of(row.get("model_version"), Retention.folder(row)).contains(what))
                .map(Retention::folder)
                .findFirst();
    int at = what.lastIndexOf('@');
    String table = model.orElse(at < 0 ? what : what.substring(0, at));
    long version = model.isPresent() ? -1 : version(table, at < 0 ? "" : what.substring(at + 1));
    return new PinLog.Entry(pin, table, version, asked.until(), asked.reason(), Instant.now());
  }

  private long version(String table, String text) {
    PinnedTable newest =
        lake.latest(table)
            .orElseThrow(
                () ->
                    new SpecException(
                        table
                            + ": no such table or model in the lake; "
                            + Nearest.mend(table, lake.tables(), "tables")));
    if (text.isEmpty()) {
      return newest.version();
    }
    if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) > newest.version()) {
      throw new SpecException(
          "%s has the versions 0 to %d, and no version %s"
              .formatted(table, newest.version(), text));
    }
    return Long.parseLong(text);
  }

  /** A pin of what is lost would promise what nobody can keep. */
  private void requireThere(List<PinLog.Entry> entries) {
    Histories histories = new Histories(lake);
    Retention.Pinned pinned = new Retention(lake).ancestors(histories);
    Losses losses = new Losses(histories);
    for (PinLog.Entry entry : entries) {
      loss(pinned, losses, entry)
          .ifPresent(
              why -> {
                throw new DataException(
                    "%s: can't be pinned any more: %s".formatted(entry.what(), why));
              });
    }
  }

  private static Optional<String> loss(Retention.Pinned pinned, Losses losses, PinLog.Entry entry) {
    return pinned
        .pin(entry)
        .flatMap(pin -> pin.needs().stream().map(losses::of).flatMap(Optional::stream).findFirst());
  }

  private int remove(Pinning asked) {
    String pin = asked.name().orElseThrow();
    PinLog log = new PinLog(lake);
    List<String> known = log.entries().stream().map(PinLog.Entry::pin).distinct().toList();
    if (!known.contains(pin)) {
      throw new SpecException("there is no pin " + pin + "; " + Nearest.mend(pin, known, "pins"));
    }
    int removed = log.remove(pin, asked.what());
    if (removed == 0) {
      throw new SpecException(
          "pin %s doesn't hold %s; `pin list` says what it does"
              .formatted(pin, String.join(", ", asked.what())));
    }
    console.print("pin %s: %d taken back".formatted(pin, removed));
    return 0;
  }

  private int list(Optional<String> only) {
    Histories histories = new Histories(lake);
    Retention.Pinned pinned = new Retention(lake).pinned(histories);
    Losses losses = new Losses(histories);
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    List<List<Object>> cells = new ArrayList<>();
    for (PinLog.Entry entry : pinned.people()) {
      String state =
          entry.until().filter(today::isAfter).isPresent()
              ? "over"
              : loss(pinned, losses, entry).map(why -> "lost: " + why).orElse("whole");
      cells.add(
          List.of(
              entry.pin(),
              entry.what(),
              entry.until().map(LocalDate::toString).orElse(""),
              state,
              entry.reason()));
    }
    Map<String, List<Pin>> releases = new TreeMap<>();
    for (Pin pin : pinned.all()) {
      if (pin.kind() == Pin.Kind.MODEL) {
        cells.add(derived("model " + pin.name(), List.of(pin), losses, "promoted"));
      } else if (pin.kind() == Pin.Kind.BRANCH) {
        cells.add(derived("branch " + pin.name(), List.of(pin), losses, "reads it"));
      } else if (pin.kind() == Pin.Kind.RELEASE) {
        String pipeline = pin.name().substring(0, pin.name().indexOf(' '));
        releases.computeIfAbsent(pipeline, name -> new ArrayList<>()).add(pin);
      }
    }
    releases.forEach(
        (pipeline, pins) ->
            cells.add(
                derived(
                    "%d releases of %s".formatted(pins.size(), pipeline),
                    pins,
                    losses,
                    "released")));
    only.ifPresent(name -> cells.removeIf(row -> !row.get(0).equals(name)));
    if (cells.isEmpty()) {
      console.info(only.map(name -> "there is no pin " + name).orElse("no pins yet"));
    } else {
      console.table(List.of("pin", "keeps", "until", "state", "reason"), cells);
    }
    return 0;
  }

  private static List<Object> derived(String name, List<Pin> pins, Losses losses, String reason) {
    Set<Need> needs = new LinkedHashSet<>();
    pins.forEach(pin -> needs.addAll(pin.needs()));
    String shown =
        needs.stream()
            .limit(MOST_SHOWN)
            .map(need -> need.table() + "@" + need.version())
            .collect(Collectors.joining(", "));
    String keeps =
        needs.size() > MOST_SHOWN
            ? "%s and %d more".formatted(shown, needs.size() - MOST_SHOWN)
            : shown;
    String state =
        needs.stream()
            .map(losses::of)
            .flatMap(Optional::stream)
            .findFirst()
            .map(why -> "lost: " + why)
            .orElse("whole");
    return List.of(name, keeps, "", state, reason);
  }
}
