package io.millrace.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.DataException;
import io.millrace.UnavailableException;
import io.millrace.table.MergeLog.Intent;
import io.millrace.table.MergeLog.Move;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Brings commits that were prepared on a rehearsal, a branch that left main at its present
 * versions, to main: the same commits under the same numbers. Their files are copied first; then an
 * intent, each commit by put-if-absent, an end. Each step may be done twice, so whoever finds a
 * merge without an end does all of them again.
 *
 * <p>No Spark: a killed merge is ended by any command that writes.
 */
public final class Landing {

  /** The folder below a lake that holds its branches and rehearsals. */
  public static final String BRANCHES = "_branches";

  private static final String REHEARSALS = BRANCHES + "/_merge-";
  private static final String PLACE = "_place";

  private final Lake main;
  private final MergeLog log;
  private final Consumer<String> done;
  private final Map<Path, List<ObjectNode>> prepared = new HashMap<>();
  private boolean mayBeOpen;

  public Landing(Lake main) {
    this(main, step -> {});
  }

  /**
   * @param done is told of each step that is done
   */
  Landing(Lake main, Consumer<String> done) {
    this.main = main;
    this.log = new MergeLog(main);
    this.done = done;
  }

  /** How the folders of a merge's rehearsals begin, below main; that of a log that names none. */
  static String rehearsal(String id) {
    return REHEARSALS + id;
  }

  /** Whether a folder among branches is a rehearsal. */
  static boolean isRehearsal(Path folder) {
    return (BRANCHES + "/" + folder.getName()).startsWith(REHEARSALS);
  }

  /**
   * Makes an empty rehearsal of a merge. Each attempt has one of its own: the same merge by two
   * processes at once would else land a half of each. Those of attempts that were killed a day ago
   * or more are taken away.
   *
   * @return its folder, below main
   */
  public static String begin(Lake main, String id) {
    clear(main);
    String folder = rehearsal(id) + "-" + UUID.randomUUID().toString().substring(0, 8);
    try (OutputStream place = main.files().create(place(main, folder), false)) {
      place.write(prefix(main).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UnavailableException(folder + ": can't be written: " + e.getMessage(), e);
    }
    return folder;
  }

  private static void clear(Lake main) {
    Optional<String> open = new Landing(main).open().map(Intent::rehearsal);
    long old = System.currentTimeMillis() - Duration.ofDays(1).toMillis();
    try {
      for (FileStatus folder : main.files().listStatus(main.path(BRANCHES))) {
        String name = BRANCHES + "/" + folder.getPath().getName();
        if (isRehearsal(folder.getPath())
            && !open.equals(Optional.of(name))
            && main.status(place(main, name))
                .filter(f -> f.getModificationTime() < old)
                .isPresent()) {
          discard(main, name);
        }
      }
    } catch (FileNotFoundException e) {
      // No branch was ever made.
    } catch (IOException e) {
      throw new UnavailableException(BRANCHES + ": can't be listed: " + e.getMessage(), e);
    }
  }

  /** The counter that a merge moves in each table. */
  public static String counter(String id) {
    return "merge/" + id;
  }

  /** Whether a rehearsal was taken away, as an erasure does with one that holds the person. */
  public static boolean isGone(Lake main, String folder) {
    return main.status(place(main, folder)).isEmpty();
  }

  /** Whether a merge has begun to land and hasn't ended. */
  public boolean isOpen() {
    return open().isPresent();
  }

  private Optional<Intent> open() {
    return main.status(Lake.commit(main.path(MergeLog.TABLE), 0)).isEmpty()
        ? Optional.empty()
        : log.open();
  }

  /** Whether what was to land here may be wanted by whoever ends it. */
  public boolean mayBeOpen() {
    return mayBeOpen;
  }

  /**
   * The id of a merge that is to land: the one it has, or where that merge was undone, which is
   * told for good, one that no merge had yet.
   */
  public String attempt(String id) {
    return log.unlessUndone(id);
  }

  /**
   * Lands a merge.
   *
   * @throws UnavailableException where main has moved since; nothing has landed then
   */
  public void land(Intent intent) {
    copyFiles(intent);
    long version = log.version();
    boolean free = log.open().isEmpty();
    for (Move move : intent.moves()) {
      free &= main.newest(move.table()).map(PinnedTable::version).orElse(-1L) == move.before();
    }
    if (!free) {
      throw moved(intent);
    }
    mayBeOpen = true;
    boolean begun = log.begin(intent, version);
    if (begun) {
      done.accept("intent");
    }
    boolean landed = begun && finish(intent);
    mayBeOpen = false;
    if (!landed) {
      throw moved(intent);
    }
  }

  private static UnavailableException moved(Intent intent) {
    return new UnavailableException(
        "merge "
            + intent.branch()
            + ": main was written to meanwhile, and nothing has landed; merge again",
        null);
  }

  /**
   * Ends a merge that was killed: all its commits are made, or none stays.
   *
   * @return what was done, in a line; empty where no merge was open
   */
  public static Optional<String> settle(Lake main) {
    return new Landing(main).settle();
  }

  Optional<String> settle() {
    Optional<Intent> open = main.isBranch() ? Optional.empty() : open();
    if (open.isEmpty()) {
      return Optional.empty();
    }
    done.accept("found");
    try {
      copyFiles(open.get());
    } catch (DataException | UnavailableException e) {
      // Whoever was landing it has come to its end, and took away what it had prepared.
      if (!open().equals(open)) {
        return Optional.empty();
      }
      if (e instanceof UnavailableException || hasBegun(open.get())) {
        throw e;
      }
      undone(open.get());
      return Optional.of(
          "merge "
              + open.get().branch()
              + ": was killed before it landed, and what it had prepared is gone; merge again");
    }
    boolean landed = finish(open.get());
    return Optional.of(
        "merge "
            + open.get().branch()
            + (landed
                ? ": was killed while it landed; it is finished now"
                : ": was killed while it landed and main has moved since; it is undone now"));
  }

  private boolean finish(Intent intent) {
    try {
      return commitAll(intent);
    } catch (DataException e) {
      // Another process may have come first, and cleared up.
      if (log.hasLanded(intent.id())) {
        return true;
      }
      if (hasBegun(intent)) {
        throw e;
      }
      undone(intent);
      return false;
    }
  }

  private void undone(Intent intent) {
    log.end(intent, MergeLog.UNDONE, "what was to land is gone");
  }

  private boolean hasBegun(Intent intent) {
    return intent.moves().stream().anyMatch(move -> hasBegun(intent, move));
  }

  /** Whether a table has a commit of the merge; of several commits the first may not tell. */
  private boolean hasBegun(Intent intent, Move move) {
    return move.after() > move.before() + 1
        || LogActions.read(main, Lake.commit(main.path(move.table()), move.before() + 1))
            .orElse(List.of())
            .stream()
            .anyMatch(a -> a.path("txn").path("appId").asText("").equals(counter(intent.id())));
  }

  private boolean commitAll(Intent intent) {
    for (Move move : intent.moves()) {
      if (!commit(intent, move)) {
        return reversed(intent, move.table() + " was written meanwhile");
      }
      done.accept(move.table());
    }
    log.end(intent, "landed", "");
    if (!log.hasLanded(intent.id())) {
      // Who found it before its first commit, and nothing that was to land, has said that it is
      // undone: readers no longer wait for its end.
      return reversed(intent, "");
    }
    done.accept("landed");
    discard(main, intent.rehearsal());
    return true;
  }

  private boolean reversed(Intent intent, String why) {
    intent.moves().forEach(one -> new Reversal(main, this, intent, one).make());
    done.accept("undone");
    log.end(intent, MergeLog.UNDONE, why);
    return false;
  }

  /**
   * Takes a rehearsal away.
   *
   * @param folder below main
   */
  public static void discard(Lake main, String folder) {
    try {
      main.files().delete(main.path(folder), true);
    } catch (IOException e) {
      throw new UnavailableException(folder + ": can't be deleted: " + e.getMessage(), e);
    }
  }

  // ---- commits ---------------------------------------------------------------------------------

  private boolean commit(Intent intent, Move move) {
    for (long version = move.before() + 1; version <= move.after(); version++) {
      Path target = Lake.commit(main.path(move.table()), version);
      if (!LogActions.write(main, target, onMain(move, prepared(intent, move, version)))) {
        return false;
      }
    }
    return true;
  }

  /** The actions of a commit that is to land; kept, since the rehearsal may go meanwhile. */
  List<ObjectNode> prepared(Intent intent, Move move, long version) {
    Path folder = main.path(intent.rehearsal() + "/" + move.table());
    return prepared.computeIfAbsent(
        Lake.commit(folder, version), commit -> prepared(intent, folder, commit));
  }

  private List<ObjectNode> prepared(Intent intent, Path folder, Path commit) {
    List<ObjectNode> actions =
        LogActions.read(main, commit)
            .orElseThrow(
                () ->
                    new DataException(
                        "merge %s: %s, which holds what was to land, is gone; restore it"
                            .formatted(intent.branch(), folder)));
    String then = placeOf(intent.rehearsal());
    String now = prefix(main);
    for (ObjectNode action : actions) {
      LogActions.absolute(action, folder);
      LogActions.moved(action, then, now);
    }
    return List.copyOf(actions);
  }

  private static Path place(Lake main, String rehearsal) {
    return new Path(main.path(rehearsal), PLACE);
  }

  private static String prefix(Lake main) {
    return LogActions.prefix(new Path(main.root()));
  }

  /**
   * How main's paths begin in a rehearsal. Whoever ends a merge that was killed may reach the lake
   * under another URI than the merge did.
   */
  private String placeOf(String rehearsal) {
    try (InputStream place = main.files().open(place(main, rehearsal))) {
      return new String(place.readAllBytes(), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      return prefix(main);
    } catch (IOException e) {
      throw new UnavailableException(
          place(main, rehearsal) + ": can't be read: " + e.getMessage(), e);
    }
  }

  /** Actions with main's own paths and its table's identity. */
  List<ObjectNode> onMain(Move move, List<ObjectNode> actions) {
    List<ObjectNode> ours = new ArrayList<>();
    for (ObjectNode action : actions) {
      ObjectNode copy = action.deepCopy();
      for (String kind : List.of("add", "remove")) {
        if (copy.path(kind).isObject()) {
          ObjectNode file = (ObjectNode) copy.get(kind);
          file.put("path", relative(move.table(), file.path("path").asText()));
        }
      }
      if (copy.path("metaData").isObject() && move.before() >= 0) {
        ((ObjectNode) copy.get("metaData")).put("id", tableId(move));
      }
      ours.add(copy);
    }
    return ours;
  }

  private String tableId(Move move) {
    return LogActions.state(main, main.at(move.table(), move.before())).stream()
        .filter(action -> action.has("metaData"))
        .map(action -> action.get("metaData").path("id").asText())
        .findFirst()
        .orElseThrow();
  }

  /** The path below main's table of a file that is there, or on a branch. */
  String relative(String table, String path) {
    String own = LogActions.prefix(main.path(table));
    if (path.startsWith(own)) {
      return path.substring(own.length());
    }
    String branches = LogActions.prefix(main.path(BRANCHES));
    String below = path.startsWith(branches) ? path.substring(branches.length()) : "";
    String inTable = "/" + LogActions.prefix(new Path("/" + table)).substring(1);
    int name = below.indexOf('/');
    if (name < 0 || !below.startsWith(inTable, name)) {
      throw new DataException(
          table
              + ": "
              + path
              + " lies in another place than the lake; copy the table's rows first");
    }
    return below.substring(name + inTable.length());
  }

  /** What main has to hold before a commit names it. Killed here, files lie there unnamed. */
  private void copyFiles(Intent intent) {
    for (Move move : intent.moves()) {
      String own = LogActions.prefix(main.path(move.table()));
      for (long version = move.before() + 1; version <= move.after(); version++) {
        for (ObjectNode action : prepared(intent, move, version)) {
          String path = action.path("add").path("path").asText("");
          if (!path.isEmpty() && !path.startsWith(own)) {
            copy(LogActions.file(path), LogActions.file(own + relative(move.table(), path)));
          }
        }
      }
    }
    done.accept("files");
  }

  private void copy(Path from, Path to) {
    Optional<FileStatus> theirs = main.status(from);
    // The branch may have been dropped since; a copy is whole where there is one.
    boolean there =
        main.status(to)
            .filter(ours -> theirs.isEmpty() || ours.getLen() == theirs.get().getLen())
            .isPresent();
    try {
      if (!there) {
        TableClone.copy(main, from, to);
      }
    } catch (IOException e) {
      throw new UnavailableException(to + ": can't be written: " + e.getMessage(), e);
    }
  }
}
