/*
 * A FUSE file system that shows one directory at another place, with a write-back cache: what a
 * program has written stays in the kernel's pages of the file, and this side hears of it late. So
 * its answer to SEEK_DATA, and its count of blocks, are older than what a reader sees.
 *
 *     cc -D_FILE_OFFSET_BITS=64 -I/usr/include/fuse3 writeback.c -lfuse3
 *     ./a.out DIRECTORY MOUNTPOINT     as root; stays beside until it is unmounted
 */
#define _GNU_SOURCE
#define FUSE_USE_VERSION 31
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#define BUCKETS 4096
#define ENTRY_SECONDS 60

/* A file that the kernel knows: one for all its names, else its names had a cache each. */
struct node {
  struct node *next;
  int fd;
  dev_t device;
  ino_t number;
  uint64_t lookups;
};

static struct node root;
static struct node *buckets[BUCKETS];

/* The way to a node by path, for the calls that take no O_PATH descriptor. */
struct way {
  char path[32];
};

static struct node *node_of(fuse_ino_t id) {
  return id == FUSE_ROOT_ID ? &root : (struct node *)(uintptr_t)id;
}

static int fd_of(fuse_ino_t id) { return node_of(id)->fd; }

static struct way way_to(fuse_ino_t id) {
  struct way way;
  snprintf(way.path, sizeof way.path, "/proc/self/fd/%d", fd_of(id));
  return way;
}

static void reply(fuse_req_t req, int result) { fuse_reply_err(req, result < 0 ? errno : 0); }

/* What is made belongs to the caller, whose rights the kernel has checked. */
static void become_caller(fuse_req_t req) {
  setfsgid(fuse_req_ctx(req)->gid);
  setfsuid(fuse_req_ctx(req)->uid);
}

static void become_root(void) {
  setfsuid(0);
  setfsgid(0);
}

static int find(fuse_ino_t parent, const char *name, struct fuse_entry_param *entry) {
  memset(entry, 0, sizeof *entry);
  entry->entry_timeout = ENTRY_SECONDS;
  int fd = openat(fd_of(parent), name, O_PATH | O_NOFOLLOW);
  if (fd < 0) return -1;
  if (fstatat(fd, "", &entry->attr, AT_EMPTY_PATH) < 0) {
    close(fd);
    return -1;
  }
  struct node **bucket = &buckets[entry->attr.st_ino % BUCKETS];
  struct node *node = *bucket;
  while (node && (node->number != entry->attr.st_ino || node->device != entry->attr.st_dev))
    node = node->next;
  if (node) {
    close(fd);
  } else {
    node = malloc(sizeof *node);
    if (!node) abort();
    *node = (struct node){*bucket, fd, entry->attr.st_dev, entry->attr.st_ino, 0};
    *bucket = node;
  }
  node->lookups++;
  entry->ino = (uintptr_t)node;
  return 0;
}

static void reply_entry(fuse_req_t req, fuse_ino_t parent, const char *name, int result) {
  struct fuse_entry_param entry;
  if (result < 0 || find(parent, name, &entry) < 0)
    fuse_reply_err(req, errno);
  else
    fuse_reply_entry(req, &entry);
}

static void start(void *data, struct fuse_conn_info *connection) {
  (void)data;
  if (!(connection->capable & FUSE_CAP_WRITEBACK_CACHE)) abort();
  connection->want |= FUSE_CAP_WRITEBACK_CACHE;
}

static void do_lookup(fuse_req_t req, fuse_ino_t parent, const char *name) {
  reply_entry(req, parent, name, 0);
}

static void do_forget(fuse_req_t req, fuse_ino_t id, uint64_t lookups) {
  struct node *node = node_of(id);
  if (node != &root && (node->lookups -= lookups) == 0) {
    struct node **link = &buckets[node->number % BUCKETS];
    while (*link != node) link = &(*link)->next;
    *link = node->next;
    close(node->fd);
    free(node);
  }
  fuse_reply_none(req);
}

static void do_getattr(fuse_req_t req, fuse_ino_t id, struct fuse_file_info *file) {
  (void)file;
  struct stat status;
  if (fstatat(fd_of(id), "", &status, AT_EMPTY_PATH) < 0)
    fuse_reply_err(req, errno);
  else
    fuse_reply_attr(req, &status, 0);
}

static int set_times(fuse_ino_t id, const struct stat *to, int which) {
  struct timespec times[2] = {{0, UTIME_OMIT}, {0, UTIME_OMIT}};
  if (which & FUSE_SET_ATTR_ATIME) times[0] = to->st_atim;
  if (which & FUSE_SET_ATTR_MTIME) times[1] = to->st_mtim;
  if (which & FUSE_SET_ATTR_ATIME_NOW) times[0].tv_nsec = UTIME_NOW;
  if (which & FUSE_SET_ATTR_MTIME_NOW) times[1].tv_nsec = UTIME_NOW;
  return utimensat(fd_of(id), "", times, AT_EMPTY_PATH);
}

static void do_setattr(fuse_req_t req, fuse_ino_t id, struct stat *to, int which,
                       struct fuse_file_info *file) {
  struct way way = way_to(id);
  uid_t owner = which & FUSE_SET_ATTR_UID ? to->st_uid : (uid_t)-1;
  gid_t group = which & FUSE_SET_ATTR_GID ? to->st_gid : (gid_t)-1;
  int times = FUSE_SET_ATTR_ATIME | FUSE_SET_ATTR_MTIME | FUSE_SET_ATTR_ATIME_NOW |
              FUSE_SET_ATTR_MTIME_NOW;
  /* The mode after the owner, whose change takes setuid bits away. */
  if ((which & (FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID) &&
       fchownat(fd_of(id), "", owner, group, AT_EMPTY_PATH) < 0) ||
      (which & FUSE_SET_ATTR_MODE && chmod(way.path, to->st_mode) < 0) ||
      (which & FUSE_SET_ATTR_SIZE &&
       (file ? ftruncate(file->fh, to->st_size) : truncate(way.path, to->st_size)) < 0) ||
      (which & times && set_times(id, to, which) < 0))
    fuse_reply_err(req, errno);
  else
    do_getattr(req, id, file);
}

static void do_readlink(fuse_req_t req, fuse_ino_t id) {
  char target[4097];
  ssize_t length = readlinkat(fd_of(id), "", target, sizeof target - 1);
  if (length < 0) {
    fuse_reply_err(req, errno);
    return;
  }
  target[length] = 0;
  fuse_reply_readlink(req, target);
}

static void do_mknod(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode,
                     dev_t device) {
  /* Who may make a device does so with a right that this would take away. */
  if (!S_ISCHR(mode) && !S_ISBLK(mode)) become_caller(req);
  int result = mknodat(fd_of(parent), name, mode, device);
  become_root();
  reply_entry(req, parent, name, result);
}

static void do_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode) {
  become_caller(req);
  int result = mkdirat(fd_of(parent), name, mode);
  become_root();
  reply_entry(req, parent, name, result);
}

static void do_symlink(fuse_req_t req, const char *target, fuse_ino_t parent, const char *name) {
  become_caller(req);
  int result = symlinkat(target, fd_of(parent), name);
  become_root();
  reply_entry(req, parent, name, result);
}

static void do_link(fuse_req_t req, fuse_ino_t id, fuse_ino_t parent, const char *name) {
  struct way way = way_to(id);
  int result = linkat(AT_FDCWD, way.path, fd_of(parent), name, AT_SYMLINK_FOLLOW);
  reply_entry(req, parent, name, result);
}

static void do_unlink(fuse_req_t req, fuse_ino_t parent, const char *name) {
  reply(req, unlinkat(fd_of(parent), name, 0));
}

static void do_rmdir(fuse_req_t req, fuse_ino_t parent, const char *name) {
  reply(req, unlinkat(fd_of(parent), name, AT_REMOVEDIR));
}

static void do_rename(fuse_req_t req, fuse_ino_t parent, const char *name, fuse_ino_t to,
                      const char *new_name, unsigned flags) {
  reply(req, renameat2(fd_of(parent), name, fd_of(to), new_name, flags));
}

/* The kernel reads what is around a write, and itself knows where the end is. */
static int flags_of(struct fuse_file_info *file) {
  int flags = file->flags & ~(O_NOFOLLOW | O_APPEND);
  return (flags & O_ACCMODE) == O_WRONLY ? (flags & ~O_ACCMODE) | O_RDWR : flags;
}

static void do_open(fuse_req_t req, fuse_ino_t id, struct fuse_file_info *file) {
  int fd = open(way_to(id).path, flags_of(file));
  if (fd < 0) {
    fuse_reply_err(req, errno);
    return;
  }
  file->fh = fd;
  file->keep_cache = 1;
  fuse_reply_open(req, file);
}

static void do_create(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode,
                      struct fuse_file_info *file) {
  struct fuse_entry_param entry;
  become_caller(req);
  int fd = openat(fd_of(parent), name, flags_of(file) | O_CREAT, mode);
  become_root();
  if (fd < 0 || find(parent, name, &entry) < 0) {
    fuse_reply_err(req, errno);
    if (fd >= 0) close(fd);
    return;
  }
  file->fh = fd;
  file->keep_cache = 1;
  fuse_reply_create(req, &entry, file);
}

static void do_read(fuse_req_t req, fuse_ino_t id, size_t size, off_t at,
                    struct fuse_file_info *file) {
  (void)id;
  struct fuse_bufvec bytes = FUSE_BUFVEC_INIT(size);
  bytes.buf[0].flags = FUSE_BUF_IS_FD | FUSE_BUF_FD_SEEK;
  bytes.buf[0].fd = file->fh;
  bytes.buf[0].pos = at;
  fuse_reply_data(req, &bytes, 0);
}

static void do_write(fuse_req_t req, fuse_ino_t id, const char *bytes, size_t size, off_t at,
                     struct fuse_file_info *file) {
  (void)id;
  ssize_t written = pwrite(file->fh, bytes, size, at);
  if (written < 0)
    fuse_reply_err(req, errno);
  else
    fuse_reply_write(req, written);
}

/* Called for each close: an error that only close(2) tells is told. */
static void do_flush(fuse_req_t req, fuse_ino_t id, struct fuse_file_info *file) {
  (void)id;
  reply(req, close(dup(file->fh)));
}

static void do_release(fuse_req_t req, fuse_ino_t id, struct fuse_file_info *file) {
  (void)id;
  reply(req, close(file->fh));
}

static void do_fsync(fuse_req_t req, fuse_ino_t id, int data_only, struct fuse_file_info *file) {
  (void)id;
  reply(req, data_only ? fdatasync(file->fh) : fsync(file->fh));
}

static void do_opendir(fuse_req_t req, fuse_ino_t id, struct fuse_file_info *file) {
  int fd = openat(fd_of(id), ".", O_RDONLY | O_DIRECTORY);
  DIR *directory = fd < 0 ? NULL : fdopendir(fd);
  if (!directory) {
    fuse_reply_err(req, errno);
    return;
  }
  file->fh = (uintptr_t)directory;
  fuse_reply_open(req, file);
}

static void do_readdir(fuse_req_t req, fuse_ino_t id, size_t size, off_t at,
                       struct fuse_file_info *file) {
  (void)id;
  DIR *directory = (DIR *)(uintptr_t)file->fh;
  char entries[65536];
  size_t used = 0;
  if (size > sizeof entries) size = sizeof entries;
  if (at)
    seekdir(directory, at);
  else
    rewinddir(directory);
  for (struct dirent *entry; (entry = readdir(directory));) {
    struct stat status = {.st_ino = entry->d_ino, .st_mode = entry->d_type << 12};
    size_t needed = fuse_add_direntry(req, entries + used, size - used, entry->d_name, &status,
                                      telldir(directory));
    if (needed > size - used) break;
    used += needed;
  }
  fuse_reply_buf(req, entries, used);
}

static void do_releasedir(fuse_req_t req, fuse_ino_t id, struct fuse_file_info *file) {
  (void)id;
  reply(req, closedir((DIR *)(uintptr_t)file->fh));
}

static void do_statfs(fuse_req_t req, fuse_ino_t id) {
  struct statvfs status;
  if (fstatvfs(fd_of(id), &status) < 0)
    fuse_reply_err(req, errno);
  else
    fuse_reply_statfs(req, &status);
}

static void do_setxattr(fuse_req_t req, fuse_ino_t id, const char *name, const char *value,
                        size_t size, int flags) {
  reply(req, setxattr(way_to(id).path, name, value, size, flags));
}

/* Size 0 asks how much there is. */
static void reply_bytes(fuse_req_t req, const char *bytes, ssize_t length, size_t size) {
  if (length < 0)
    fuse_reply_err(req, errno);
  else if (size == 0)
    fuse_reply_xattr(req, length);
  else
    fuse_reply_buf(req, bytes, length);
}

static void do_getxattr(fuse_req_t req, fuse_ino_t id, const char *name, size_t size) {
  char value[65536];
  if (size > sizeof value) size = sizeof value;
  reply_bytes(req, value, getxattr(way_to(id).path, name, value, size), size);
}

static void do_listxattr(fuse_req_t req, fuse_ino_t id, size_t size) {
  char names[65536];
  if (size > sizeof names) size = sizeof names;
  reply_bytes(req, names, listxattr(way_to(id).path, names, size), size);
}

static void do_removexattr(fuse_req_t req, fuse_ino_t id, const char *name) {
  reply(req, removexattr(way_to(id).path, name));
}

static void do_fallocate(fuse_req_t req, fuse_ino_t id, int mode, off_t at, off_t length,
                         struct fuse_file_info *file) {
  (void)id;
  reply(req, fallocate(file->fh, mode, at, length));
}

static void do_copy_file_range(fuse_req_t req, fuse_ino_t id, off_t from,
                               struct fuse_file_info *in, fuse_ino_t to_id, off_t to,
                               struct fuse_file_info *out, size_t length, int flags) {
  (void)id, (void)to_id;
  ssize_t copied = copy_file_range(in->fh, &from, out->fh, &to, length, flags);
  if (copied < 0)
    fuse_reply_err(req, errno);
  else
    fuse_reply_write(req, copied);
}

static void do_lseek(fuse_req_t req, fuse_ino_t id, off_t at, int whence,
                     struct fuse_file_info *file) {
  (void)id;
  off_t found = lseek(file->fh, at, whence);
  if (found < 0)
    fuse_reply_err(req, errno);
  else
    fuse_reply_lseek(req, found);
}

static const struct fuse_lowlevel_ops operations = {
    .init = start,
    .lookup = do_lookup,
    .forget = do_forget,
    .getattr = do_getattr,
    .setattr = do_setattr,
    .readlink = do_readlink,
    .mknod = do_mknod,
    .mkdir = do_mkdir,
    .symlink = do_symlink,
    .link = do_link,
    .unlink = do_unlink,
    .rmdir = do_rmdir,
    .rename = do_rename,
    .open = do_open,
    .create = do_create,
    .read = do_read,
    .write = do_write,
    .flush = do_flush,
    .release = do_release,
    .fsync = do_fsync,
    .opendir = do_opendir,
    .readdir = do_readdir,
    .releasedir = do_releasedir,
    .statfs = do_statfs,
    .setxattr = do_setxattr,
    .getxattr = do_getxattr,
    .listxattr = do_listxattr,
    .removexattr = do_removexattr,
    .fallocate = do_fallocate,
    .copy_file_range = do_copy_file_range,
    .lseek = do_lseek,
};

int main(int count, char **arguments) {
  char *options[] = {arguments[0], "-o", "allow_other,default_permissions,dev,suid"};
  struct fuse_args args = FUSE_ARGS_INIT(3, options);
  struct rlimit files;
  if (count != 3 || (root.fd = open(arguments[1], O_PATH | O_DIRECTORY)) < 0) {
    perror("writeback DIRECTORY MOUNTPOINT");
    return 1;
  }
  /* Each file that the kernel knows has a descriptor. */
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  umask(0);
  struct fuse_session *session =
      fuse_session_new(&args, &operations, sizeof operations, NULL);
  if (!session || fuse_session_mount(session, arguments[2]) != 0 ||
      printf("mounted\n") < 0 || fflush(stdout) != 0)
    return 1;
  int result = fuse_session_loop(session);
  fuse_session_unmount(session);
  fuse_session_destroy(session);
  return result != 0;
}
