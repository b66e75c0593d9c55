package dev.copyoffload.spi;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * Serves ranges of one file to itself by Netty, each by channels opened in several ways, and prints
 * what arrived: {@code TRANSPORT FILE (OFFSET COUNT)...}.
 */
final class RegionServer {
  private static final int DEADLINE_MILLIS = 30_000;

  /** How a program may come by a channel. */
  enum Opened {
    FILE_CHANNEL {
      @Override
      FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ);
      }
    },
    BYTE_CHANNEL {
      @Override
      FileChannel open(Path file) throws IOException {
        return (FileChannel) Files.newByteChannel(file);
      }
    },
    STREAM {
      @Override
      FileChannel open(Path file) throws IOException {
        return new FileInputStream(file.toFile()).getChannel();
      }
    };

    abstract FileChannel open(Path file) throws IOException;
  }

  private RegionServer() {}

  public static void main(String[] arguments) throws Exception {
    boolean epoll = arguments[0].equals("epoll");
    Path file = Path.of(arguments[1]);
    ProgramStart.announce(file);
    IoHandlerFactory transport = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, transport);
    try {
      Class<? extends ServerChannel> type =
          epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
      for (int i = 2; i < arguments.length; i += 2) {
        long offset = Long.parseLong(arguments[i]);
        long count = Long.parseLong(arguments[i + 1]);
        for (Opened opened : Opened.values()) {
          System.out.println(serve(group, type, new Region(opened, file, offset, count)));
        }
      }
    } finally {
      group.shutdownGracefully(0, DEADLINE_MILLIS, TimeUnit.MILLISECONDS).sync();
    }
  }

  static String line(Opened opened, long offset, long count, String digest) {
    return opened + " " + offset + " " + count + " " + digest;
  }

  private static String serve(
      EventLoopGroup group, Class<? extends ServerChannel> type, Region region)
      throws IOException, InterruptedException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    Channel server =
        new ServerBootstrap()
            .group(group)
            .channel(type)
            .childHandler(region)
            .bind(loopback, 0)
            .sync()
            .channel();
    try (Socket client = new Socket()) {
      client.setSoTimeout(DEADLINE_MILLIS);
      client.connect(server.localAddress(), DEADLINE_MILLIS);
      String digest = ProgramStart.digest(client.getInputStream());
      return line(region.opened, region.offset, region.count, digest);
    } finally {
      server.close().sync();
    }
  }

  /** Writes a range of a file to whoever connects. */
  @Sharable
  private static final class Region extends ChannelInboundHandlerAdapter {
    private final Opened opened;
    private final Path file;
    private final long offset;
    private final long count;

    Region(Opened opened, Path file, long offset, long count) {
      this.opened = opened;
      this.file = file;
      this.offset = offset;
      this.count = count;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws IOException {
      context
          .writeAndFlush(new DefaultFileRegion(opened.open(file), offset, count))
          .addListener((ChannelFutureListener) Region::written)
          .addListener(ChannelFutureListener.CLOSE);
    }

    private static void written(ChannelFuture write) {
      if (!write.isSuccess()) {
        write.cause().printStackTrace();
      }
    }
  }
}
