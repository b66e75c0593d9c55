package dev.copyoffload.spi;

import java.io.IOException;

/** What may lie at the source of a copy. */
enum Kind {
  MISSING {
    @Override
    void make(Sandbox s, String name) {}
  },
  FILE {
    @Override
    void make(Sandbox s, String name) throws IOException {
      s.file(name, 70_000);
    }
  },
  EMPTY_DIRECTORY {
    @Override
    void make(Sandbox s, String name) throws IOException {
      s.directory(name);
    }
  },
  DIRECTORY {
    @Override
    void make(Sandbox s, String name) throws IOException {
      s.directory(name).file(name + "/inside", 3);
    }
  },
  LINK_TO_FILE {
    @Override
    void make(Sandbox s, String name) throws IOException {
      s.file("behind", 70_000).link(name, "behind");
    }
  },
  LINK_TO_DIRECTORY {
    @Override
    void make(Sandbox s, String name) throws IOException {
      s.directory("behind").link(name, "behind");
    }
  },
  DANGLING_LINK {
    @Override
    void make(Sandbox s, String name) throws IOException {
      s.link(name, "nowhere");
    }
  },
  LINK_TO_ITSELF {
    @Override
    void make(Sandbox s, String name) throws IOException {
      s.link(name, name);
    }
  },
  DEVICE {
    @Override
    void make(Sandbox s, String name) {
      Privilege.requireRoot();
      Libc.nullDevice(s.rawFrom(name));
    }
  };

  abstract void make(Sandbox sandbox, String name) throws IOException;
}
