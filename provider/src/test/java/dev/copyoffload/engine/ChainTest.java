package dev.copyoffload.engine;

import static dev.copyoffload.engine.ErrnoPolicyTest.TERMINAL;
import static dev.copyoffload.engine.ErrnoPolicyTest.TERMINAL_AFTER_PROGRESS;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.engine.Rig.Route;
import dev.copyoffload.linux.Call;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FakeFile;
import dev.copyoffload.linux.Fault;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every system call of every method fails in every way, at the first and at the third time. */
class ChainTest {
  /** Made once a copy, so that there is no third time. */
  private static final Set<Call> ONCE = EnumSet.of(Call.PIPE, Call.LSEEK, Call.FSTATFS);

  /** A call on the way of a route that fails once. */
  record Case(Route route, Call call, int number, Errno errno) {
    boolean isFatal() {
      if (errno == Errno.EINTR || call == Call.FSTATFS || (call == Call.FCNTL && number == 1)) {
        // A smaller pipe, or a file system that nobody knows, will do.
        return false;
      }
      return switch (call) {
        case PREAD, PWRITE -> true;
        case FICLONE -> false;
        case FCNTL -> TERMINAL.contains(errno);
        default ->
            TERMINAL.contains(errno) || (number > 1 && TERMINAL_AFTER_PROGRESS.contains(errno));
      };
    }
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Errno errno : Errno.values()) {
      add(cases, Route.FICLONE, Call.FICLONE, errno);
      add(cases, Route.COPY_FILE_RANGE, Call.FSTATFS, errno);
      add(cases, Route.COPY_FILE_RANGE, Call.COPY_FILE_RANGE, errno);
      add(cases, Route.SPLICE, Call.PIPE, errno);
      add(cases, Route.SPLICE, Call.FCNTL, errno);
      add(cases, Route.SPLICE, Call.SPLICE_IN, errno);
      add(cases, Route.SPLICE, Call.SPLICE_OUT, errno);
      add(cases, Route.SENDFILE, Call.LSEEK, errno);
      add(cases, Route.SENDFILE, Call.SENDFILE, errno);
      add(cases, Route.READ_WRITE, Call.PREAD, errno);
      add(cases, Route.READ_WRITE, Call.PWRITE, errno);
    }
    return cases;
  }

  private static void add(List<Case> cases, Route route, Call call, Errno errno) {
    cases.add(new Case(route, call, 1, errno));
    if (!ONCE.contains(call)) {
      // Two widths are asked for.
      cases.add(new Case(route, call, call == Call.FCNTL ? 2 : 3, errno));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void testError(Case injected) {
    Rig rig = new Rig();
    FakeFile source = FakeFile.dense(Rig.LARGE);
    rig.through(injected.route, source);
    if (injected.call == Call.FICLONE || injected.call == Call.FCNTL) {
      // Asked once if all goes well.
      Errno before = injected.call == Call.FICLONE ? Errno.EINTR : Errno.EPERM;
      for (int number = 1; number < injected.number; number++) {
        rig.kernel.on(injected.call, number, Fault.failing(before));
      }
    }
    rig.kernel.on(injected.call, injected.number, Fault.failing(injected.errno));

    CopyReport report = rig.copy(source);

    assertTrue(rig.kernel.count(injected.call) >= injected.number, "the fault was not met");
    if (injected.isFatal()) {
      rig.assertFailed(injected.errno, report);
    } else {
      rig.assertCopied(source, report);
    }
    rig.assertNextCopyRight();
  }

  /** The same with every later call of the kind failing too. */
  @ParameterizedTest
  @MethodSource("cases")
  void testError_forGood(Case injected) {
    if (injected.errno == Errno.EINTR) {
      return;
    }
    Rig rig = new Rig();
    FakeFile source = FakeFile.dense(Rig.LARGE);
    rig.through(injected.route, source);
    int[] met = {0};
    Fault step = Fault.atMost(64 << 10);
    rig.kernel.always(
        injected.call,
        wanted ->
            ++met[0] < injected.number
                ? injected.call == Call.FICLONE ? -Errno.EINTR.number() : step.meet(wanted)
                : -injected.errno.number());

    CopyReport report = rig.copy(source);

    boolean noPipe = injected.number == 1 && TERMINAL.contains(injected.errno);
    if (injected.call == Call.FCNTL ? noPipe : injected.isFatal()) {
      rig.assertFailed(injected.errno, report);
    } else {
      rig.assertCopied(source, report);
    }
    rig.assertNextCopyRight();
  }
}
