package dev.copyoffload.spi;

import java.io.IOException;
import java.nio.file.Path;

/** What may lie at the target of a copy. */
enum Target {
  ABSENT {
    @Override
    void make(Sandbox s) {}
  },
  FILE {
    @Override
    void make(Sandbox s) throws IOException {
      s.targetFile("b", 100_000);
    }
  },
  EMPTY_DIRECTORY {
    @Override
    void make(Sandbox s) throws IOException {
      s.targetDirectory("b");
    }
  },
  DIRECTORY {
    @Override
    void make(Sandbox s) throws IOException {
      s.targetDirectory("b").targetFile("b/inside", 3);
    }
  },
  LINK_TO_FILE {
    @Override
    void make(Sandbox s) throws IOException {
      s.targetFile("other", 3).targetLink("b", "other");
    }
  },
  DANGLING_LINK {
    @Override
    void make(Sandbox s) throws IOException {
      s.targetLink("b", "nowhere");
    }
  },
  SOURCE_ITSELF {
    @Override
    void make(Sandbox s) {}

    @Override
    Path path(Sandbox s) {
      return s.from("a");
    }
  },
  LINK_BESIDE_SOURCE {
    @Override
    void make(Sandbox s) throws IOException {
      s.link("beside", "a");
    }

    @Override
    Path path(Sandbox s) {
      return s.from("beside");
    }
  },
  WITHOUT_PARENT {
    @Override
    void make(Sandbox s) {}

    @Override
    Path path(Sandbox s) {
      return s.to("no/b");
    }
  };

  abstract void make(Sandbox sandbox) throws IOException;

  Path path(Sandbox sandbox) {
    return sandbox.to("b");
  }
}
