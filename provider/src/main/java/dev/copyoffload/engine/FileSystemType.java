package dev.copyoffload.engine;

import dev.copyoffload.linux.FileSystemStatus;

/** The file systems that a plan tells apart, by the magic number of statfs(2). */
enum FileSystemType {
  NFS(0x6969L, true, false),
  SMB2(0xFE534D42L, true, false),
  CIFS(0xFF534D42L, true, false),
  SMB(0x517BL, true, false),
  FUSE(0x65735546L, true, false),
  CEPH(0x00C36400L, true, false),
  AFS(0x5346414FL, true, false),
  /** Also ext2 and ext3. */
  EXT4(0xEF53L, false, true),
  /** Everything that has nothing better than the page cache once a reflink is refused. */
  LOCAL(0, false, false);

  private final long magic;
  private final boolean copiesRemotely;
  private final boolean gainsFromReserving;

  FileSystemType(long magic, boolean copiesRemotely, boolean gainsFromReserving) {
    this.magic = magic;
    this.copiesRemotely = copiesRemotely;
    this.gainsFromReserving = gainsFromReserving;
  }

  /**
   * Whether writing into blocks that were reserved is faster: by a fifth on ext4, with the later
   * write-out too; not on xfs; and on btrfs it would cost the file its copy-on-write.
   */
  boolean gainsFromReserving() {
    return gainsFromReserving;
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
