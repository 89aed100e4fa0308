/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import java.lang.management.ManagementFactory;
import java.util.List;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.ObjectName;

/** A stream in the MBean server of the platform, from {@link #register} until it is closed. */
final class ManagedStream implements StreamMXBean, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FrameServer.class.getName());

    private final Publication publication;
    private final ObjectName object;

    private ManagedStream(Publication publication, ObjectName object) {
        this.publication = publication;
        this.object = object;
    }

    /** Throws {@link IllegalStateException} if the server has a stream of that name, of another class loader. */
    static ManagedStream register(Publication publication) {
        try {
            ObjectName object = new ObjectName("io.machframe:type=Stream,name=" + ObjectName.quote(publication.name()));
            ManagedStream stream = new ManagedStream(publication, object);
            ManagementFactory.getPlatformMBeanServer().registerMBean(stream, object);
            return stream;
        } catch (JMException e) {
            throw new IllegalStateException("\"" + publication.name() + "\" cannot be managed", e);
        }
    }

    @Override
    public String getName() {
        return publication.name();
    }

    @Override
    public String getFormat() {
        return publication.format().toString();
    }

    @Override
    public long getPublished() {
        return publication.statistics().published();
    }

    @Override
    public double getFramesPerSecond() {
        return publication.statistics().framesPerSecond();
    }

    @Override
    public int getSurfaces() {
        return publication.statistics().surfaces();
    }

    @Override
    public int getMostSurfaces() {
        return publication.statistics().mostSurfaces();
    }

    @Override
    public long getReclaimed() {
        return publication.statistics().reclaimed();
    }

    @Override
    public long getForgottenDrafts() {
        return publication.statistics().forgottenDrafts();
    }

    @Override
    public List<Client> getClients() {
        return publication.statistics().clients().stream()
                .<Client>map(Figures::new)
                .toList();
    }

    /** The getters that JMX looks for. */
    private record Figures(StreamClient client) implements Client {
        @Override
        public int getId() {
            return client.id();
        }

        @Override
        public int getPid() {
            return client.pid();
        }

        @Override
        public long getDelivered() {
            return client.delivered();
        }

        @Override
        public long getReplaced() {
            return client.replaced();
        }

        @Override
        public long getDropped() {
            return client.dropped();
        }

        @Override
        public long getTimedOut() {
            return client.timedOut();
        }

        @Override
        public int getWaiting() {
            return client.waiting();
        }

        @Override
        public int getHeld() {
            return client.held();
        }

        @Override
        public long getMedianLatencyNanos() {
            return client.latency().medianNanos();
        }

        @Override
        public long getP99LatencyNanos() {
            return client.latency().p99Nanos();
        }

        @Override
        public long getMaxLatencyNanos() {
            return client.latency().maxNanos();
        }
    }

    @Override
    public void close() {
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(object);
        } catch (InstanceNotFoundException e) {
            // Somebody else took it out.
        } catch (JMException e) {
            LOG.log(System.Logger.Level.WARNING, object + " stays", e);
        }
    }
}
