package io.millrace.jobs;

import io.millrace.config.CheckSpec;
import io.millrace.config.CheckSpec.OnFail;
import io.millrace.config.SourceSpec;
import io.millrace.ingest.SourceFile;
import io.millrace.jobs.Validated.RawSlice;
import io.millrace.label.RawSlices;
import io.millrace.table.DataFile;
import io.millrace.table.FileLedger;
import io.millrace.table.PinnedTable;
import io.millrace.table.RunRow;
import io.millrace.table.SmallTable;
import io.millrace.table.SourceFileEntry;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One source as a plan sees it: its raw table, and what the ingests of the plan will bring. */
final class SourceAhead {

  private final Work work;
  private final String name;
  private final SourceSpec source;
  private final SeenFiles seen;
  private final Optional<PinnedTable> raw;
  private final Optional<Validated> validated;
  private final Optional<PinnedTable> view;
  private final Map<String, SourceFileEntry> entries;
  private final Optional<RunRow> lastRun;
  private final List<RawSlice> open;
  private final Set<RawSlice> judged = new HashSet<>();
  private final List<Coming> coming = new ArrayList<>();

  /** Files that an ingest of the plan takes in. */
  record Coming(LocalDate ingested, NewFiles files) {}

  SourceAhead(Work work, String name, SeenFiles seen) {
    this.work = work;
    this.name = name;
    this.seen = seen;
    this.source = work.spec().sources().get(name);
    this.raw = work.lake().latest("raw/" + name);
    this.validated = raw.map(table -> new Validated(work, name, table));
    this.view = validated.map(Validated::view);
    FileLedger ledger = new FileLedger(work.lake(), name);
    this.entries = new HashMap<>(raw.map(ledger::seen).orElse(Map.of()));
    this.lastRun = raw.flatMap(ledger::lastRun);
    SmallTable checks = new SmallTable(work.lake(), ResultTables.checks());
    this.open =
        new ArrayList<>(
            validated.map(v -> ValidateJob.open(checks, v, LocalDate.MAX)).orElse(List.of()));
  }

  String name() {
    return name;
  }

  Optional<PinnedTable> raw() {
    return raw;
  }

  /** The raw table as later stages see it. */
  Optional<PinnedTable> view() {
    return view;
  }

  Optional<Validated> validated() {
    return validated;
  }

  /** What an ingest of a date would take in, and takes in from now on. */
  List<Coming> ingest(LocalDate date) {
    List<SourceFile> due = due(date);
    List<Coming> found = new ArrayList<>();
    NewFiles files = find(date, due);
    lastRun.ifPresent(last -> NewFiles.requireSameReading(work, name, last));
    while (!files.files().isEmpty()) {
      found.add(new Coming(date, files));
      FileLedger.take(entries, files.entries(work.spec()));
      files = find(date, due);
    }
    coming.addAll(found);
    return found;
  }

  /** The files that are there at a date; faults are told before any source is taken in. */
  List<SourceFile> due(LocalDate date) {
    return seen.due(source, work.spec().every().next(date));
  }

  private NewFiles find(LocalDate date, List<SourceFile> due) {
    return NewFiles.find(work.spec(), name, date, due, entries, seen::sha256);
  }

  /** Slices that the validation of a date judges, and has judged from now on. */
  List<RawSlice> validate(LocalDate date) {
    List<RawSlice> now = open.stream().filter(slice -> !slice.ingested().isAfter(date)).toList();
    open.removeAll(now);
    judged.addAll(now);
    return now;
  }

  boolean isComing() {
    return !coming.isEmpty();
  }

  /** What comes in by a date, in words. */
  String told() {
    List<String> names =
        coming.stream()
            .flatMap(one -> one.files().files().stream())
            .map(file -> file.file().name())
            .toList();
    return names.get(0) + (names.size() > 1 ? " and %d more".formatted(names.size() - 1) : "");
  }

  /** Whether something comes in at this very date. */
  boolean comesAt(LocalDate date) {
    return coming.stream().anyMatch(one -> one.ingested().equals(date));
  }

  /** Whether slices come in at a date, or a snapshot that may take the place of one of it. */
  boolean mayBring(LocalDate date) {
    return comesAt(date) || isComing() && source.load() == SourceSpec.Load.SNAPSHOT;
  }

  /** Validations of what came in at a date: those that are done, and those of the plan. */
  Set<String> validations(LocalDate date) {
    Set<String> ids = new HashSet<>();
    validated.ifPresent(
        v ->
            v.of(date).stream()
                .filter(slice -> !open.contains(slice))
                .forEach(slice -> ids.add(v.whole(slice))));
    return ids;
  }

  /** Whether what comes in may be read by the features of a date. */
  boolean mayReach(LocalDate date) {
    return coming.stream().anyMatch(one -> mayReach(one, date));
  }

  private boolean mayReach(Coming one, LocalDate date) {
    LocalDate end = work.spec().every().next(date);
    if (source.load() == SourceSpec.Load.SNAPSHOT) {
      LocalDate day = one.files().day();
      Optional<LocalDate> last =
          raw.flatMap(table -> RawSlices.lastSnapshot(table, work.spec().every(), date));
      boolean superseded = last.isPresent() && last.get().isAfter(day) && day.isBefore(date);
      return day.isBefore(end) && !superseded;
    }
    if (source.time().isPresent()) {
      return true; // rows of any day
    }
    return one.ingested().isBefore(end)
        || one.files().files().stream()
            .anyMatch(file -> file.file().day().filter(end::isAfter).isPresent());
  }

  /** Whether what comes in only adds to what a date reads. */
  boolean onlyAdds() {
    return source.load() == SourceSpec.Load.APPEND;
  }

  /** Whether a check that keeps rows or slices back looks at what stands beside a slice. */
  boolean looksElsewhere(Set<String> changing) {
    return validated.stream()
        .flatMap(v -> v.checks().stream())
        .filter(check -> check.onFail() != OnFail.WARN)
        .anyMatch(check -> looksAt(check, changing));
  }

  /** Whether any check, also one that only warns, does. */
  boolean isMeasuredBeside(Set<String> changing) {
    return validated.stream()
        .flatMap(v -> v.checks().stream())
        .anyMatch(check -> looksAt(check, changing));
  }

  private boolean looksAt(CheckSpec check, Set<String> changing) {
    return check instanceof CheckSpec.LikeBefore && changing.contains(name)
        || check instanceof CheckSpec.ExistsIn other && changing.contains(other.source());
  }

  /** Whether a check of this source can end a chain. */
  boolean canStop() {
    return work.spec().validate().getOrDefault(name, List.of()).stream()
        .anyMatch(check -> check.onFail() == OnFail.STOP);
  }

  /** Whether a check of this source can keep rows back. */
  private boolean canRefuse() {
    return work.spec().validate().getOrDefault(name, List.of()).stream()
        .anyMatch(check -> check.onFail() == OnFail.QUARANTINE);
  }

  /** Of slices that are read, whether some are judged only by a step of the plan. */
  boolean judgesAhead(Set<String> seenIds) {
    return validated.isPresent()
        && judged.stream().anyMatch(slice -> seenIds.contains(validated.get().id(slice)));
  }

  /** Of slices that are read, the first that nobody will have judged. */
  Optional<RawSlice> unjudged(Set<String> seenIds) {
    return validated.stream()
        .flatMap(v -> v.unjudged(seenIds).stream())
        .filter(slice -> !judged.contains(slice))
        .findFirst();
  }

  /** Whether of so many rows that are read surely some are left when refused ones are taken out. */
  boolean leavesRows(RawSlices read) {
    if (read.rows() <= 0 || canRefuse() && judgesAhead(read.runIds())) {
      return false;
    }
    Set<String> refusing = new HashSet<>(read.runIds());
    raw.ifPresent(
        table -> Validated.slices(table).forEach(s -> refusing.add(Mending.marks(s.runId()))));
    long refused =
        work.lake().latest("quarantine/" + name).stream()
            .flatMap(table -> table.files().stream())
            .filter(file -> file.runIds().stream().anyMatch(refusing::contains))
            .mapToLong(DataFile::rows)
            .sum();
    return read.rows() > refused;
  }
}
