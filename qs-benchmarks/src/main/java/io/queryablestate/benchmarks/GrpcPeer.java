package io.queryablestate.benchmarks;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.queryablestate.messages.ServerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Unary calls of gRPC, the proxy being a server that makes the same call of the next one. Messages are plain bytes, which
 * is less work than generated messages would be.
 */
final class GrpcPeer implements Peer {

    private static final String SERVICE = "values";
    private static final MethodDescriptor<byte[], byte[]> GET = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "get"))
            .setRequestMarshaller(new GrpcBytes())
            .setResponseMarshaller(new GrpcBytes())
            .build();

    private final boolean direct;

    private GrpcPeer(boolean direct) {
        this.direct = direct;
    }

    /** As gRPC comes: calls run on a pool of threads, at client, proxy and server. */
    static GrpcPeer withDefaultExecutors() {
        return new GrpcPeer(false);
    }

    /** Calls run on the threads that read the network. */
    static GrpcPeer withDirectExecutors() {
        return new GrpcPeer(true);
    }

    @Override
    public String startServer(List<Workload> workloads) throws IOException {
        HeldValues values = new HeldValues(workloads);
        return start((request, answer) -> {
            answer.onNext(values.of(ByteBuffer.wrap(request).getLong()));
            answer.onCompleted();
        });
    }

    @Override
    public String startProxy(String server) throws IOException {
        ManagedChannel upstream = channel(server);
        return start((request, answer) -> call(upstream, request, answer));
    }

    @Override
    public KeyReader connect(String proxy) {
        ManagedChannel channel = channel(proxy);
        return (key, answer) ->
                call(channel, ByteBuffer.allocate(Long.BYTES).putLong(key).array(), new AnswerObserver(answer));
    }

    @Override
    public KeyReader connectOneHop(String server, String proxy) {
        return connect(server);
    }

    private static void call(ManagedChannel channel, byte[] request, StreamObserver<byte[]> answer) {
        ClientCalls.asyncUnaryCall(channel.newCall(GET, CallOptions.DEFAULT), request, answer);
    }

    private String start(ServerCalls.UnaryMethod<byte[], byte[]> method) throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerServiceDefinition.builder(SERVICE)
                        .addMethod(GET, ServerCalls.asyncUnaryCall(method))
                        .build());
        if (direct) {
            builder.directExecutor();
        }
        Server server = builder.build().start();
        return new ServerAddress(InetAddress.getLoopbackAddress().getHostAddress(), server.getPort()).toString();
    }

    private ManagedChannel channel(String to) {
        ServerAddress address = ServerAddress.parse(to);
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress(address.host(), address.port()).usePlaintext();
        if (direct) {
            builder.directExecutor();
        }
        return builder.build();
    }

    private record AnswerObserver(KeyReader.Answer answer) implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] value) {
            answer.value(value);
        }

        @Override
        public void onError(Throwable cause) {
            answer.failure(cause);
        }

        @Override
        public void onCompleted() {
            // A unary call has told its value before.
        }
    }
}
