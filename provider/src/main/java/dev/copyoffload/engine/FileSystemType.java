package dev.copyoffload.engine;

import dev.copyoffload.linux.FileSystemStatus;

/** The file systems that a plan tells apart, by the magic number of statfs(2). */
enum FileSystemType {
  NFS(0x6969L, true),
  SMB2(0xFE534D42L, true),
  CIFS(0xFF534D42L, true),
  SMB(0x517BL, true),
  FUSE(0x65735546L, true),
  CEPH(0x00C36400L, true),
  AFS(0x5346414FL, true),
  /** Everything that has nothing better than the page cache once a reflink is refused. */
  LOCAL(0, false);

  private final long magic;
  private final boolean copiesRemotely;

  FileSystemType(long magic, boolean copiesRemotely) {
    this.magic = magic;
    this.copiesRemotely = copiesRemotely;
  }

  /** Whether copy_file_range can spare the bytes a way over a network or through a daemon. */
  boolean copiesRemotely() {
    return copiesRemotely;
  }

  static FileSystemType of(FileSystemStatus status) {
    for (FileSystemType type : values()) {
      if (type.magic == status.magic()) {
        return type;
      }
    }
    return LOCAL;
  }
}
