package io.millrace.retain;

import io.millrace.table.LoggedFile;
import io.millrace.table.TableHistory;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Until when each model can be trained again, or through what that was lost. */
public final class Horizon {

  private static final String WHILE_UNCHANGED = "as long as its tables stay as they are";

  private final Histories histories;
  private final Ancestry ancestry;
  private final List<Pin> pins;
  private final Rules rules;
  private final Losses losses;

  /**
   * The horizon of a lake.
   *
   * @param pins those that hold
   * @param rules of the vacuum that may come next
   */
  public Horizon(Histories histories, Ancestry ancestry, List<Pin> pins, Rules rules) {
    this.histories = histories;
    this.ancestry = ancestry;
    this.pins = List.copyOf(pins);
    this.rules = rules;
    this.losses = new Losses(histories);
  }

  /**
   * Why a model can't be trained again; empty where it can.
   *
   * @param model its row of {@code models}
   */
  public Optional<String> lost(Map<String, Object> model) {
    return ancestry.toReproduce(model).stream()
        .map(losses::of)
        .flatMap(Optional::stream)
        .findFirst();
  }

  /**
   * The same in words, and what keeps it and how long where it can.
   *
   * @param model its row of {@code models}
   */
  public String of(Map<String, Object> model) {
    return lost(model).map(Horizon::told).orElseGet(() -> "reproducible, " + kept(model));
  }

  private static String told(String why) {
    return (why.contains(": a person was erased") ? "not reproducible: " : "lost: ") + why;
  }

  private String kept(Map<String, Object> model) {
    String version = (String) model.get("model_version");
    boolean promoted =
        pins.stream().anyMatch(pin -> pin.kind() == Pin.Kind.MODEL && pin.name().equals(version));
    if (promoted) {
      return "pinned by its promotion";
    }
    List<Used> files = files(model);
    if (files.isEmpty() || !isTold(model)) {
      return WHILE_UNCHANGED;
    }
    Optional<Pin> whole =
        pins.stream()
            .filter(pin -> files.stream().allMatch(file -> file.isKeptBy(pin)))
            .max(Comparator.comparing(pin -> pin.until().orElse(LocalDate.MAX)));
    if (whole.isPresent()) {
      return "pinned by " + named(whole.get());
    }
    List<Used> replaced =
        files.stream().filter(file -> file.file().removed() != LoggedFile.LIVE).toList();
    if (replaced.isEmpty()) {
      return WHILE_UNCHANGED;
    }
    return replaced.stream()
        .filter(file -> pins.stream().noneMatch(file::isKeptBy))
        .map(Used::replacedAt)
        .min(Comparator.naturalOrder())
        .map(first -> "until a vacuum after " + day(first.plus(rules.reach())))
        .orElseGet(() -> "as long as " + keepers(replaced) + " and its tables stay as they are");
  }

  private static LocalDate day(Instant moment) {
    return LocalDate.ofInstant(moment, ZoneOffset.UTC);
  }

  private String keepers(List<Used> replaced) {
    Set<String> names = new TreeSet<>();
    for (Used file : replaced) {
      pins.stream()
          .filter(file::isKeptBy)
          .max(Comparator.comparing(pin -> pin.until().orElse(LocalDate.MAX)))
          .ifPresent(pin -> names.add(named(pin)));
    }
    return String.join(", ", names);
  }

  private static String named(Pin pin) {
    String name =
        switch (pin.kind()) {
          case MODEL -> "the promotion of " + pin.name();
          case RELEASE -> "the release of " + pin.name();
          case BRANCH -> "the branch " + pin.name();
          case MERGE -> "the merge of " + pin.name();
          case PERSON -> pin.name();
        };
    return name + pin.until().map(last -> " until " + last).orElse("");
  }

  /**
   * A file that a model was trained from.
   *
   * @param replacedAt when it went out of its table; the end of time where it hasn't
   */
  private record Used(String table, LoggedFile file, Instant replacedAt) {

    boolean isKeptBy(Pin pin) {
      return pin.needs().stream().anyMatch(need -> need.table().equals(table) && need.has(file));
    }
  }

  /** Whether logs tell of all that it was trained from; a vacuum leaves other tables alone. */
  private boolean isTold(Map<String, Object> model) {
    return ancestry.toReproduce(model).stream()
        .allMatch(
            need ->
                histories
                    .of(need.table())
                    .filter(history -> history.first() <= need.version())
                    .isPresent());
  }

  private List<Used> files(Map<String, Object> model) {
    List<Used> used = new ArrayList<>();
    for (Need need : ancestry.toReproduce(model)) {
      Optional<TableHistory> history = histories.of(need.table());
      for (LoggedFile file : history.map(TableHistory::files).orElse(List.of())) {
        if (need.has(file)) {
          Instant out =
              file.removed() == LoggedFile.LIVE
                  ? Instant.MAX
                  : history.orElseThrow().committed(file.removed());
          used.add(new Used(need.table(), file, out));
        }
      }
    }
    return used;
  }
}
