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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
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

  private static final String PLACE = "_place";

  private final Lake main;
  private final MergeLog log;
  private final Consumer<String> done;

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

  /** The folder of the rehearsal of a merge, below main. */
  public static String rehearsal(String id) {
    return BRANCHES + "/_merge-" + id;
  }

  /**
   * Makes an empty rehearsal of a merge, whatever was there.
   *
   * @return the file that says whose it is: it goes once the same merge by another process begins
   *     or ends
   */
  public static Path begin(Lake main, String id) {
    discard(main, id);
    Path claim = new Path(main.path(rehearsal(id)), "_of-" + UUID.randomUUID());
    try (OutputStream place = main.files().create(place(main, id), true)) {
      place.write(prefix(main).getBytes(StandardCharsets.UTF_8));
      main.files().create(claim, false).close();
    } catch (IOException e) {
      throw new UnavailableException(claim + ": can't be written: " + e.getMessage(), e);
    }
    return claim;
  }

  /** Whether a rehearsal is still that of who began it. */
  public static boolean holds(Lake main, Path claim) {
    return main.status(claim).isPresent();
  }

  /** The counter that a merge moves in each table. */
  public static String counter(String id) {
    return "merge/" + id;
  }

  /** Whether a merge has begun to land and hasn't ended. */
  public boolean isOpen() {
    return main.status(Lake.commit(main.path(MergeLog.TABLE), 0)).isPresent()
        && log.open().isPresent();
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
    if (!free || !log.begin(intent, version)) {
      throw moved(intent);
    }
    done.accept("intent");
    if (!finish(intent)) {
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
    if (main.isBranch() || main.status(Lake.commit(main.path(MergeLog.TABLE), 0)).isEmpty()) {
      return Optional.empty();
    }
    Landing landing = new Landing(main);
    Optional<Intent> open = landing.log.open();
    if (open.isEmpty()) {
      return Optional.empty();
    }
    landing.copyFiles(open.get());
    boolean landed = landing.finish(open.get());
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
      if (intent.moves().stream().anyMatch(move -> hasBegun(intent, move))) {
        throw e;
      }
      log.end(intent, "undone", "what was to land was taken away by the same merge elsewhere");
      return false;
    }
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
        intent.moves().forEach(one -> new Reversal(main, this, intent, one).make());
        done.accept("undone");
        log.end(intent, "undone", move.table() + " was written meanwhile");
        return false;
      }
      done.accept(move.table());
    }
    log.end(intent, "landed", "");
    done.accept("landed");
    discard(main, intent.id());
    return true;
  }

  /** Takes a rehearsal away. */
  public static void discard(Lake main, String id) {
    try {
      main.files().delete(main.path(rehearsal(id)), true);
    } catch (IOException e) {
      throw new UnavailableException(rehearsal(id) + ": can't be deleted: " + e.getMessage(), e);
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

  List<ObjectNode> prepared(Intent intent, Move move, long version) {
    Path folder = main.path(rehearsal(intent.id()) + "/" + move.table());
    List<ObjectNode> actions =
        LogActions.read(main, Lake.commit(folder, version))
            .orElseThrow(
                () ->
                    new DataException(
                        "merge %s: %s, which holds what was to land, is gone; restore it"
                            .formatted(intent.branch(), folder)));
    String then = placeOf(intent.id());
    String now = prefix(main);
    for (ObjectNode action : actions) {
      LogActions.absolute(action, folder);
      LogActions.moved(action, then, now);
    }
    return actions;
  }

  private static Path place(Lake main, String id) {
    return new Path(main.path(rehearsal(id)), PLACE);
  }

  private static String prefix(Lake main) {
    return LogActions.prefix(new Path(main.root()));
  }

  /**
   * How main's paths begin in a rehearsal. Whoever ends a merge that was killed may reach the lake
   * under another URI than the merge did.
   */
  private String placeOf(String id) {
    try (InputStream place = main.files().open(place(main, id))) {
      return new String(place.readAllBytes(), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      return prefix(main);
    } catch (IOException e) {
      throw new UnavailableException(place(main, id) + ": can't be read: " + e.getMessage(), e);
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
    long bytes = main.status(from).map(file -> file.getLen()).orElse(-1L);
    try {
      if (main.status(to).filter(there -> there.getLen() == bytes).isEmpty()) {
        TableClone.copy(main, from, to);
      }
    } catch (IOException e) {
      throw new UnavailableException(to + ": can't be written: " + e.getMessage(), e);
    }
  }
}
