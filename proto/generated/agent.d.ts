import * as $protobuf from "protobufjs/minimal.js";
import Long = require("long");

/** Namespace kaji. */
export namespace kaji {

    /** Namespace agent. */
    namespace agent {

        /** Namespace v1. */
        namespace v1 {

            /**
             * Properties of an AgentMessage.
             * @deprecated Use kaji.agent.v1.AgentMessage.$Properties instead.
             */
            interface IAgentMessage extends kaji.agent.v1.AgentMessage.$Properties {
            }

            /** Represents an AgentMessage. */
            class AgentMessage {

                /**
                 * Constructs a new AgentMessage.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.AgentMessage.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** AgentMessage hello. */
                hello?: (kaji.agent.v1.Hello.$Properties|null);

                /** AgentMessage heartbeat. */
                heartbeat?: (kaji.agent.v1.Heartbeat.$Properties|null);

                /** AgentMessage node. */
                node?: (kaji.agent.v1.NodeReport.$Properties|null);

                /** AgentMessage pod. */
                pod?: (kaji.agent.v1.PodReport.$Properties|null);

                /** AgentMessage podGone. */
                podGone?: (kaji.agent.v1.PodGone.$Properties|null);

                /** AgentMessage event. */
                event?: (kaji.agent.v1.EventReport.$Properties|null);

                /** AgentMessage streamRefused. */
                streamRefused?: (kaji.agent.v1.StreamRefused.$Properties|null);

                /** AgentMessage stats. */
                stats?: (kaji.agent.v1.StatsReport.$Properties|null);

                /** AgentMessage certificateRequest. */
                certificateRequest?: (kaji.agent.v1.CertificateRequest.$Properties|null);

                /** AgentMessage volumeRemoved. */
                volumeRemoved?: (kaji.agent.v1.VolumeRemoved.$Properties|null);

                /** AgentMessage message. */
                message?: ("hello"|"heartbeat"|"node"|"pod"|"podGone"|"event"|"streamRefused"|"stats"|"certificateRequest"|"volumeRemoved");

                /**
                 * Creates a new AgentMessage instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns AgentMessage instance
                 */
                static create(properties: kaji.agent.v1.AgentMessage.$Shape): kaji.agent.v1.AgentMessage & kaji.agent.v1.AgentMessage.$Shape;
                static create(properties?: kaji.agent.v1.AgentMessage.$Properties): kaji.agent.v1.AgentMessage;

                /**
                 * Encodes the specified AgentMessage message. Does not implicitly {@link kaji.agent.v1.AgentMessage.verify|verify} messages.
                 * @param message AgentMessage message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.AgentMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an AgentMessage message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.AgentMessage & kaji.agent.v1.AgentMessage.$Shape} AgentMessage
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.AgentMessage & kaji.agent.v1.AgentMessage.$Shape;
            }

            namespace AgentMessage {

                /** Properties of an AgentMessage. */
                interface $Properties {

                    /** AgentMessage hello */
                    hello?: (kaji.agent.v1.Hello.$Properties|null);

                    /** AgentMessage heartbeat */
                    heartbeat?: (kaji.agent.v1.Heartbeat.$Properties|null);

                    /** AgentMessage node */
                    node?: (kaji.agent.v1.NodeReport.$Properties|null);

                    /** AgentMessage pod */
                    pod?: (kaji.agent.v1.PodReport.$Properties|null);

                    /** AgentMessage podGone */
                    podGone?: (kaji.agent.v1.PodGone.$Properties|null);

                    /** AgentMessage event */
                    event?: (kaji.agent.v1.EventReport.$Properties|null);

                    /** AgentMessage streamRefused */
                    streamRefused?: (kaji.agent.v1.StreamRefused.$Properties|null);

                    /** AgentMessage stats */
                    stats?: (kaji.agent.v1.StatsReport.$Properties|null);

                    /** AgentMessage certificateRequest */
                    certificateRequest?: (kaji.agent.v1.CertificateRequest.$Properties|null);

                    /** AgentMessage volumeRemoved */
                    volumeRemoved?: (kaji.agent.v1.VolumeRemoved.$Properties|null);

                    /** AgentMessage message */
                    message?: ("hello"|"heartbeat"|"node"|"pod"|"podGone"|"event"|"streamRefused"|"stats"|"certificateRequest"|"volumeRemoved");

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Narrowed shape of an AgentMessage. */
                type $Shape = {
                  hello?: kaji.agent.v1.Hello.$Shape|null;
                  heartbeat?: kaji.agent.v1.Heartbeat.$Shape|null;
                  node?: kaji.agent.v1.NodeReport.$Shape|null;
                  pod?: kaji.agent.v1.PodReport.$Shape|null;
                  podGone?: kaji.agent.v1.PodGone.$Shape|null;
                  event?: kaji.agent.v1.EventReport.$Shape|null;
                  streamRefused?: kaji.agent.v1.StreamRefused.$Shape|null;
                  stats?: kaji.agent.v1.StatsReport.$Shape|null;
                  certificateRequest?: kaji.agent.v1.CertificateRequest.$Shape|null;
                  volumeRemoved?: kaji.agent.v1.VolumeRemoved.$Shape|null;
                  $unknowns?: Uint8Array[];
                } & (
                  ({ message?: never; hello?: never; heartbeat?: never; node?: never; pod?: never; podGone?: never; event?: never; streamRefused?: never; stats?: never; certificateRequest?: never; volumeRemoved?: never }|{ message?: "hello"; hello: kaji.agent.v1.Hello.$Shape; heartbeat?: never; node?: never; pod?: never; podGone?: never; event?: never; streamRefused?: never; stats?: never; certificateRequest?: never; volumeRemoved?: never }|{ message?: "heartbeat"; hello?: never; heartbeat: kaji.agent.v1.Heartbeat.$Shape; node?: never; pod?: never; podGone?: never; event?: never; streamRefused?: never; stats?: never; certificateRequest?: never; volumeRemoved?: never }|{ message?: "node"; hello?: never; heartbeat?: never; node: kaji.agent.v1.NodeReport.$Shape; pod?: never; podGone?: never; event?: never; streamRefused?: never; stats?: never; certificateRequest?: never; volumeRemoved?: never }|{ message?: "pod"; hello?: never; heartbeat?: never; node?: never; pod: kaji.agent.v1.PodReport.$Shape; podGone?: never; event?: never; streamRefused?: never; stats?: never; certificateRequest?: never; volumeRemoved?: never }|{ message?: "podGone"; hello?: never; heartbeat?: never; node?: never; pod?: never; podGone: kaji.agent.v1.PodGone.$Shape; event?: never; streamRefused?: never; stats?: never; certificateRequest?: never; volumeRemoved?: never }|{ message?: "event"; hello?: never; heartbeat?: never; node?: never; pod?: never; podGone?: never; event: kaji.agent.v1.EventReport.$Shape; streamRefused?: never; stats?: never; certificateRequest?: never; volumeRemoved?: never }|{ message?: "streamRefused"; hello?: never; heartbeat?: never; node?: never; pod?: never; podGone?: never; event?: never; streamRefused: kaji.agent.v1.StreamRefused.$Shape; stats?: never; certificateRequest?: never; volumeRemoved?: never }|{ message?: "stats"; hello?: never; heartbeat?: never; node?: never; pod?: never; podGone?: never; event?: never; streamRefused?: never; stats: kaji.agent.v1.StatsReport.$Shape; certificateRequest?: never; volumeRemoved?: never }|{ message?: "certificateRequest"; hello?: never; heartbeat?: never; node?: never; pod?: never; podGone?: never; event?: never; streamRefused?: never; stats?: never; certificateRequest: kaji.agent.v1.CertificateRequest.$Shape; volumeRemoved?: never }|{ message?: "volumeRemoved"; hello?: never; heartbeat?: never; node?: never; pod?: never; podGone?: never; event?: never; streamRefused?: never; stats?: never; certificateRequest?: never; volumeRemoved: kaji.agent.v1.VolumeRemoved.$Shape })
                );
            }

            /**
             * Properties of a ServerMessage.
             * @deprecated Use kaji.agent.v1.ServerMessage.$Properties instead.
             */
            interface IServerMessage extends kaji.agent.v1.ServerMessage.$Properties {
            }

            /** Represents a ServerMessage. */
            class ServerMessage {

                /**
                 * Constructs a new ServerMessage.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.ServerMessage.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ServerMessage welcome. */
                welcome?: (kaji.agent.v1.Welcome.$Properties|null);

                /** ServerMessage desired. */
                desired?: (kaji.agent.v1.Desired.$Properties|null);

                /** ServerMessage services. */
                services?: (kaji.agent.v1.ServiceTable.$Properties|null);

                /** ServerMessage openStream. */
                openStream?: (kaji.agent.v1.OpenStream.$Properties|null);

                /** ServerMessage certificate. */
                certificate?: (kaji.agent.v1.Certificate.$Properties|null);

                /** ServerMessage statsWanted. */
                statsWanted?: (kaji.agent.v1.StatsWanted.$Properties|null);

                /** ServerMessage peers. */
                peers?: (kaji.agent.v1.PeerTable.$Properties|null);

                /** ServerMessage servers. */
                servers?: (kaji.agent.v1.ServerList.$Properties|null);

                /** ServerMessage policies. */
                policies?: (kaji.agent.v1.PolicyTable.$Properties|null);

                /** ServerMessage policyGroup. */
                policyGroup?: (kaji.agent.v1.PolicyGroup.$Properties|null);

                /** ServerMessage message. */
                message?: ("welcome"|"desired"|"services"|"openStream"|"certificate"|"statsWanted"|"peers"|"servers"|"policies"|"policyGroup");

                /**
                 * Creates a new ServerMessage instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ServerMessage instance
                 */
                static create(properties: kaji.agent.v1.ServerMessage.$Shape): kaji.agent.v1.ServerMessage & kaji.agent.v1.ServerMessage.$Shape;
                static create(properties?: kaji.agent.v1.ServerMessage.$Properties): kaji.agent.v1.ServerMessage;

                /**
                 * Encodes the specified ServerMessage message. Does not implicitly {@link kaji.agent.v1.ServerMessage.verify|verify} messages.
                 * @param message ServerMessage message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.ServerMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ServerMessage message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ServerMessage & kaji.agent.v1.ServerMessage.$Shape} ServerMessage
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.ServerMessage & kaji.agent.v1.ServerMessage.$Shape;
            }

            namespace ServerMessage {

                /** Properties of a ServerMessage. */
                interface $Properties {

                    /** ServerMessage welcome */
                    welcome?: (kaji.agent.v1.Welcome.$Properties|null);

                    /** ServerMessage desired */
                    desired?: (kaji.agent.v1.Desired.$Properties|null);

                    /** ServerMessage services */
                    services?: (kaji.agent.v1.ServiceTable.$Properties|null);

                    /** ServerMessage openStream */
                    openStream?: (kaji.agent.v1.OpenStream.$Properties|null);

                    /** ServerMessage certificate */
                    certificate?: (kaji.agent.v1.Certificate.$Properties|null);

                    /** ServerMessage statsWanted */
                    statsWanted?: (kaji.agent.v1.StatsWanted.$Properties|null);

                    /** ServerMessage peers */
                    peers?: (kaji.agent.v1.PeerTable.$Properties|null);

                    /** ServerMessage servers */
                    servers?: (kaji.agent.v1.ServerList.$Properties|null);

                    /** ServerMessage policies */
                    policies?: (kaji.agent.v1.PolicyTable.$Properties|null);

                    /** ServerMessage policyGroup */
                    policyGroup?: (kaji.agent.v1.PolicyGroup.$Properties|null);

                    /** ServerMessage message */
                    message?: ("welcome"|"desired"|"services"|"openStream"|"certificate"|"statsWanted"|"peers"|"servers"|"policies"|"policyGroup");

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Narrowed shape of a ServerMessage. */
                type $Shape = {
                  welcome?: kaji.agent.v1.Welcome.$Shape|null;
                  desired?: kaji.agent.v1.Desired.$Shape|null;
                  services?: kaji.agent.v1.ServiceTable.$Shape|null;
                  openStream?: kaji.agent.v1.OpenStream.$Shape|null;
                  certificate?: kaji.agent.v1.Certificate.$Shape|null;
                  statsWanted?: kaji.agent.v1.StatsWanted.$Shape|null;
                  peers?: kaji.agent.v1.PeerTable.$Shape|null;
                  servers?: kaji.agent.v1.ServerList.$Shape|null;
                  policies?: kaji.agent.v1.PolicyTable.$Shape|null;
                  policyGroup?: kaji.agent.v1.PolicyGroup.$Shape|null;
                  $unknowns?: Uint8Array[];
                } & (
                  ({ message?: never; welcome?: never; desired?: never; services?: never; openStream?: never; certificate?: never; statsWanted?: never; peers?: never; servers?: never; policies?: never; policyGroup?: never }|{ message?: "welcome"; welcome: kaji.agent.v1.Welcome.$Shape; desired?: never; services?: never; openStream?: never; certificate?: never; statsWanted?: never; peers?: never; servers?: never; policies?: never; policyGroup?: never }|{ message?: "desired"; welcome?: never; desired: kaji.agent.v1.Desired.$Shape; services?: never; openStream?: never; certificate?: never; statsWanted?: never; peers?: never; servers?: never; policies?: never; policyGroup?: never }|{ message?: "services"; welcome?: never; desired?: never; services: kaji.agent.v1.ServiceTable.$Shape; openStream?: never; certificate?: never; statsWanted?: never; peers?: never; servers?: never; policies?: never; policyGroup?: never }|{ message?: "openStream"; welcome?: never; desired?: never; services?: never; openStream: kaji.agent.v1.OpenStream.$Shape; certificate?: never; statsWanted?: never; peers?: never; servers?: never; policies?: never; policyGroup?: never }|{ message?: "certificate"; welcome?: never; desired?: never; services?: never; openStream?: never; certificate: kaji.agent.v1.Certificate.$Shape; statsWanted?: never; peers?: never; servers?: never; policies?: never; policyGroup?: never }|{ message?: "statsWanted"; welcome?: never; desired?: never; services?: never; openStream?: never; certificate?: never; statsWanted: kaji.agent.v1.StatsWanted.$Shape; peers?: never; servers?: never; policies?: never; policyGroup?: never }|{ message?: "peers"; welcome?: never; desired?: never; services?: never; openStream?: never; certificate?: never; statsWanted?: never; peers: kaji.agent.v1.PeerTable.$Shape; servers?: never; policies?: never; policyGroup?: never }|{ message?: "servers"; welcome?: never; desired?: never; services?: never; openStream?: never; certificate?: never; statsWanted?: never; peers?: never; servers: kaji.agent.v1.ServerList.$Shape; policies?: never; policyGroup?: never }|{ message?: "policies"; welcome?: never; desired?: never; services?: never; openStream?: never; certificate?: never; statsWanted?: never; peers?: never; servers?: never; policies: kaji.agent.v1.PolicyTable.$Shape; policyGroup?: never }|{ message?: "policyGroup"; welcome?: never; desired?: never; services?: never; openStream?: never; certificate?: never; statsWanted?: never; peers?: never; servers?: never; policies?: never; policyGroup: kaji.agent.v1.PolicyGroup.$Shape })
                );
            }

            /**
             * Properties of a Hello.
             * @deprecated Use kaji.agent.v1.Hello.$Properties instead.
             */
            interface IHello extends kaji.agent.v1.Hello.$Properties {
            }

            /** Represents a Hello. */
            class Hello {

                /**
                 * Constructs a new Hello.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.Hello.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Hello nodeName. */
                nodeName: string;

                /** Hello agentVersion. */
                agentVersion: string;

                /** Hello bootId. */
                bootId: string;

                /** Hello nodeJson. */
                nodeJson: Uint8Array;

                /**
                 * Creates a new Hello instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Hello instance
                 */
                static create(properties: kaji.agent.v1.Hello.$Shape): kaji.agent.v1.Hello & kaji.agent.v1.Hello.$Shape;
                static create(properties?: kaji.agent.v1.Hello.$Properties): kaji.agent.v1.Hello;

                /**
                 * Encodes the specified Hello message. Does not implicitly {@link kaji.agent.v1.Hello.verify|verify} messages.
                 * @param message Hello message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.Hello.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Hello message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.Hello & kaji.agent.v1.Hello.$Shape} Hello
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.Hello & kaji.agent.v1.Hello.$Shape;
            }

            namespace Hello {

                /** Properties of a Hello. */
                interface $Properties {

                    /** Hello nodeName */
                    nodeName?: string;

                    /** Hello agentVersion */
                    agentVersion?: string;

                    /** Hello bootId */
                    bootId?: string;

                    /** Hello nodeJson */
                    nodeJson?: Uint8Array;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Hello. */
                type $Shape = kaji.agent.v1.Hello.$Properties;
            }

            /**
             * Properties of a Welcome.
             * @deprecated Use kaji.agent.v1.Welcome.$Properties instead.
             */
            interface IWelcome extends kaji.agent.v1.Welcome.$Properties {
            }

            /** Represents a Welcome. */
            class Welcome {

                /**
                 * Constructs a new Welcome.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.Welcome.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Welcome serverVersion. */
                serverVersion: string;

                /** Welcome clusterDomain. */
                clusterDomain: string;

                /** Welcome podCidr. */
                podCidr: string;

                /** Welcome clusterPodCidr. */
                clusterPodCidr: string;

                /** Welcome serviceCidr. */
                serviceCidr: string;

                /** Welcome dnsIp. */
                dnsIp: string;

                /** Welcome nodeUid. */
                nodeUid: string;

                /** Welcome heartbeatIntervalMs. */
                heartbeatIntervalMs: number;

                /**
                 * Creates a new Welcome instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Welcome instance
                 */
                static create(properties: kaji.agent.v1.Welcome.$Shape): kaji.agent.v1.Welcome & kaji.agent.v1.Welcome.$Shape;
                static create(properties?: kaji.agent.v1.Welcome.$Properties): kaji.agent.v1.Welcome;

                /**
                 * Encodes the specified Welcome message. Does not implicitly {@link kaji.agent.v1.Welcome.verify|verify} messages.
                 * @param message Welcome message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.Welcome.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Welcome message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.Welcome & kaji.agent.v1.Welcome.$Shape} Welcome
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.Welcome & kaji.agent.v1.Welcome.$Shape;
            }

            namespace Welcome {

                /** Properties of a Welcome. */
                interface $Properties {

                    /** Welcome serverVersion */
                    serverVersion?: string;

                    /** Welcome clusterDomain */
                    clusterDomain?: string;

                    /** Welcome podCidr */
                    podCidr?: string;

                    /** Welcome clusterPodCidr */
                    clusterPodCidr?: string;

                    /** Welcome serviceCidr */
                    serviceCidr?: string;

                    /** Welcome dnsIp */
                    dnsIp?: string;

                    /** Welcome nodeUid */
                    nodeUid?: string;

                    /** Welcome heartbeatIntervalMs */
                    heartbeatIntervalMs?: number;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Welcome. */
                type $Shape = kaji.agent.v1.Welcome.$Properties;
            }

            /**
             * Properties of a Heartbeat.
             * @deprecated Use kaji.agent.v1.Heartbeat.$Properties instead.
             */
            interface IHeartbeat extends kaji.agent.v1.Heartbeat.$Properties {
            }

            /** Represents a Heartbeat. */
            class Heartbeat {

                /**
                 * Constructs a new Heartbeat.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.Heartbeat.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /**
                 * Creates a new Heartbeat instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Heartbeat instance
                 */
                static create(properties: kaji.agent.v1.Heartbeat.$Shape): kaji.agent.v1.Heartbeat & kaji.agent.v1.Heartbeat.$Shape;
                static create(properties?: kaji.agent.v1.Heartbeat.$Properties): kaji.agent.v1.Heartbeat;

                /**
                 * Encodes the specified Heartbeat message. Does not implicitly {@link kaji.agent.v1.Heartbeat.verify|verify} messages.
                 * @param message Heartbeat message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.Heartbeat.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Heartbeat message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.Heartbeat & kaji.agent.v1.Heartbeat.$Shape} Heartbeat
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.Heartbeat & kaji.agent.v1.Heartbeat.$Shape;
            }

            namespace Heartbeat {

                /** Properties of a Heartbeat. */
                interface $Properties {

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Heartbeat. */
                type $Shape = kaji.agent.v1.Heartbeat.$Properties;
            }

            /**
             * Properties of a NodeReport.
             * @deprecated Use kaji.agent.v1.NodeReport.$Properties instead.
             */
            interface INodeReport extends kaji.agent.v1.NodeReport.$Properties {
            }

            /** Represents a NodeReport. */
            class NodeReport {

                /**
                 * Constructs a new NodeReport.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.NodeReport.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** NodeReport statusJson. */
                statusJson: Uint8Array;

                /**
                 * Creates a new NodeReport instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns NodeReport instance
                 */
                static create(properties: kaji.agent.v1.NodeReport.$Shape): kaji.agent.v1.NodeReport & kaji.agent.v1.NodeReport.$Shape;
                static create(properties?: kaji.agent.v1.NodeReport.$Properties): kaji.agent.v1.NodeReport;

                /**
                 * Encodes the specified NodeReport message. Does not implicitly {@link kaji.agent.v1.NodeReport.verify|verify} messages.
                 * @param message NodeReport message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.NodeReport.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a NodeReport message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.NodeReport & kaji.agent.v1.NodeReport.$Shape} NodeReport
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.NodeReport & kaji.agent.v1.NodeReport.$Shape;
            }

            namespace NodeReport {

                /** Properties of a NodeReport. */
                interface $Properties {

                    /** NodeReport statusJson */
                    statusJson?: Uint8Array;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a NodeReport. */
                type $Shape = kaji.agent.v1.NodeReport.$Properties;
            }

            /**
             * Properties of a PodReport.
             * @deprecated Use kaji.agent.v1.PodReport.$Properties instead.
             */
            interface IPodReport extends kaji.agent.v1.PodReport.$Properties {
            }

            /** Represents a PodReport. */
            class PodReport {

                /**
                 * Constructs a new PodReport.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.PodReport.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PodReport namespace. */
                namespace: string;

                /** PodReport name. */
                name: string;

                /** PodReport uid. */
                uid: string;

                /** PodReport statusJson. */
                statusJson: Uint8Array;

                /**
                 * Creates a new PodReport instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PodReport instance
                 */
                static create(properties: kaji.agent.v1.PodReport.$Shape): kaji.agent.v1.PodReport & kaji.agent.v1.PodReport.$Shape;
                static create(properties?: kaji.agent.v1.PodReport.$Properties): kaji.agent.v1.PodReport;

                /**
                 * Encodes the specified PodReport message. Does not implicitly {@link kaji.agent.v1.PodReport.verify|verify} messages.
                 * @param message PodReport message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.PodReport.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PodReport message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PodReport & kaji.agent.v1.PodReport.$Shape} PodReport
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.PodReport & kaji.agent.v1.PodReport.$Shape;
            }

            namespace PodReport {

                /** Properties of a PodReport. */
                interface $Properties {

                    /** PodReport namespace */
                    namespace?: string;

                    /** PodReport name */
                    name?: string;

                    /** PodReport uid */
                    uid?: string;

                    /** PodReport statusJson */
                    statusJson?: Uint8Array;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PodReport. */
                type $Shape = kaji.agent.v1.PodReport.$Properties;
            }

            /**
             * Properties of a PodGone.
             * @deprecated Use kaji.agent.v1.PodGone.$Properties instead.
             */
            interface IPodGone extends kaji.agent.v1.PodGone.$Properties {
            }

            /** Represents a PodGone. */
            class PodGone {

                /**
                 * Constructs a new PodGone.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.PodGone.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PodGone namespace. */
                namespace: string;

                /** PodGone name. */
                name: string;

                /** PodGone uid. */
                uid: string;

                /**
                 * Creates a new PodGone instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PodGone instance
                 */
                static create(properties: kaji.agent.v1.PodGone.$Shape): kaji.agent.v1.PodGone & kaji.agent.v1.PodGone.$Shape;
                static create(properties?: kaji.agent.v1.PodGone.$Properties): kaji.agent.v1.PodGone;

                /**
                 * Encodes the specified PodGone message. Does not implicitly {@link kaji.agent.v1.PodGone.verify|verify} messages.
                 * @param message PodGone message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.PodGone.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PodGone message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PodGone & kaji.agent.v1.PodGone.$Shape} PodGone
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.PodGone & kaji.agent.v1.PodGone.$Shape;
            }

            namespace PodGone {

                /** Properties of a PodGone. */
                interface $Properties {

                    /** PodGone namespace */
                    namespace?: string;

                    /** PodGone name */
                    name?: string;

                    /** PodGone uid */
                    uid?: string;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PodGone. */
                type $Shape = kaji.agent.v1.PodGone.$Properties;
            }

            /**
             * Properties of a VolumeRemoved.
             * @deprecated Use kaji.agent.v1.VolumeRemoved.$Properties instead.
             */
            interface IVolumeRemoved extends kaji.agent.v1.VolumeRemoved.$Properties {
            }

            /** Represents a VolumeRemoved. */
            class VolumeRemoved {

                /**
                 * Constructs a new VolumeRemoved.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.VolumeRemoved.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** VolumeRemoved name. */
                name: string;

                /** VolumeRemoved uid. */
                uid: string;

                /**
                 * Creates a new VolumeRemoved instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns VolumeRemoved instance
                 */
                static create(properties: kaji.agent.v1.VolumeRemoved.$Shape): kaji.agent.v1.VolumeRemoved & kaji.agent.v1.VolumeRemoved.$Shape;
                static create(properties?: kaji.agent.v1.VolumeRemoved.$Properties): kaji.agent.v1.VolumeRemoved;

                /**
                 * Encodes the specified VolumeRemoved message. Does not implicitly {@link kaji.agent.v1.VolumeRemoved.verify|verify} messages.
                 * @param message VolumeRemoved message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.VolumeRemoved.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a VolumeRemoved message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.VolumeRemoved & kaji.agent.v1.VolumeRemoved.$Shape} VolumeRemoved
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.VolumeRemoved & kaji.agent.v1.VolumeRemoved.$Shape;
            }

            namespace VolumeRemoved {

                /** Properties of a VolumeRemoved. */
                interface $Properties {

                    /** VolumeRemoved name */
                    name?: string;

                    /** VolumeRemoved uid */
                    uid?: string;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a VolumeRemoved. */
                type $Shape = kaji.agent.v1.VolumeRemoved.$Properties;
            }

            /**
             * Properties of an EventReport.
             * @deprecated Use kaji.agent.v1.EventReport.$Properties instead.
             */
            interface IEventReport extends kaji.agent.v1.EventReport.$Properties {
            }

            /** Represents an EventReport. */
            class EventReport {

                /**
                 * Constructs a new EventReport.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.EventReport.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** EventReport eventJson. */
                eventJson: Uint8Array;

                /**
                 * Creates a new EventReport instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns EventReport instance
                 */
                static create(properties: kaji.agent.v1.EventReport.$Shape): kaji.agent.v1.EventReport & kaji.agent.v1.EventReport.$Shape;
                static create(properties?: kaji.agent.v1.EventReport.$Properties): kaji.agent.v1.EventReport;

                /**
                 * Encodes the specified EventReport message. Does not implicitly {@link kaji.agent.v1.EventReport.verify|verify} messages.
                 * @param message EventReport message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.EventReport.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an EventReport message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.EventReport & kaji.agent.v1.EventReport.$Shape} EventReport
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.EventReport & kaji.agent.v1.EventReport.$Shape;
            }

            namespace EventReport {

                /** Properties of an EventReport. */
                interface $Properties {

                    /** EventReport eventJson */
                    eventJson?: Uint8Array;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an EventReport. */
                type $Shape = kaji.agent.v1.EventReport.$Properties;
            }

            /**
             * Properties of a StreamRefused.
             * @deprecated Use kaji.agent.v1.StreamRefused.$Properties instead.
             */
            interface IStreamRefused extends kaji.agent.v1.StreamRefused.$Properties {
            }

            /** Represents a StreamRefused. */
            class StreamRefused {

                /**
                 * Constructs a new StreamRefused.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.StreamRefused.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** StreamRefused streamId. */
                streamId: string;

                /** StreamRefused message. */
                message: string;

                /**
                 * Creates a new StreamRefused instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns StreamRefused instance
                 */
                static create(properties: kaji.agent.v1.StreamRefused.$Shape): kaji.agent.v1.StreamRefused & kaji.agent.v1.StreamRefused.$Shape;
                static create(properties?: kaji.agent.v1.StreamRefused.$Properties): kaji.agent.v1.StreamRefused;

                /**
                 * Encodes the specified StreamRefused message. Does not implicitly {@link kaji.agent.v1.StreamRefused.verify|verify} messages.
                 * @param message StreamRefused message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.StreamRefused.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a StreamRefused message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.StreamRefused & kaji.agent.v1.StreamRefused.$Shape} StreamRefused
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.StreamRefused & kaji.agent.v1.StreamRefused.$Shape;
            }

            namespace StreamRefused {

                /** Properties of a StreamRefused. */
                interface $Properties {

                    /** StreamRefused streamId */
                    streamId?: string;

                    /** StreamRefused message */
                    message?: string;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a StreamRefused. */
                type $Shape = kaji.agent.v1.StreamRefused.$Properties;
            }

            /**
             * Properties of a StatsWanted.
             * @deprecated Use kaji.agent.v1.StatsWanted.$Properties instead.
             */
            interface IStatsWanted extends kaji.agent.v1.StatsWanted.$Properties {
            }

            /** Represents a StatsWanted. */
            class StatsWanted {

                /**
                 * Constructs a new StatsWanted.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.StatsWanted.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** StatsWanted forMs. */
                forMs: number;

                /**
                 * Creates a new StatsWanted instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns StatsWanted instance
                 */
                static create(properties: kaji.agent.v1.StatsWanted.$Shape): kaji.agent.v1.StatsWanted & kaji.agent.v1.StatsWanted.$Shape;
                static create(properties?: kaji.agent.v1.StatsWanted.$Properties): kaji.agent.v1.StatsWanted;

                /**
                 * Encodes the specified StatsWanted message. Does not implicitly {@link kaji.agent.v1.StatsWanted.verify|verify} messages.
                 * @param message StatsWanted message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.StatsWanted.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a StatsWanted message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.StatsWanted & kaji.agent.v1.StatsWanted.$Shape} StatsWanted
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.StatsWanted & kaji.agent.v1.StatsWanted.$Shape;
            }

            namespace StatsWanted {

                /** Properties of a StatsWanted. */
                interface $Properties {

                    /** StatsWanted forMs */
                    forMs?: number;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a StatsWanted. */
                type $Shape = kaji.agent.v1.StatsWanted.$Properties;
            }

            /**
             * Properties of a StatsReport.
             * @deprecated Use kaji.agent.v1.StatsReport.$Properties instead.
             */
            interface IStatsReport extends kaji.agent.v1.StatsReport.$Properties {
            }

            /** Represents a StatsReport. */
            class StatsReport {

                /**
                 * Constructs a new StatsReport.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.StatsReport.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** StatsReport nodeMetricsJson. */
                nodeMetricsJson: Uint8Array;

                /** StatsReport podMetricsJson. */
                podMetricsJson: Uint8Array[];

                /**
                 * Creates a new StatsReport instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns StatsReport instance
                 */
                static create(properties: kaji.agent.v1.StatsReport.$Shape): kaji.agent.v1.StatsReport & kaji.agent.v1.StatsReport.$Shape;
                static create(properties?: kaji.agent.v1.StatsReport.$Properties): kaji.agent.v1.StatsReport;

                /**
                 * Encodes the specified StatsReport message. Does not implicitly {@link kaji.agent.v1.StatsReport.verify|verify} messages.
                 * @param message StatsReport message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.StatsReport.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a StatsReport message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.StatsReport & kaji.agent.v1.StatsReport.$Shape} StatsReport
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.StatsReport & kaji.agent.v1.StatsReport.$Shape;
            }

            namespace StatsReport {

                /** Properties of a StatsReport. */
                interface $Properties {

                    /** StatsReport nodeMetricsJson */
                    nodeMetricsJson?: Uint8Array;

                    /** StatsReport podMetricsJson */
                    podMetricsJson?: Uint8Array[];

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a StatsReport. */
                type $Shape = kaji.agent.v1.StatsReport.$Properties;
            }

            /**
             * Properties of a Desired.
             * @deprecated Use kaji.agent.v1.Desired.$Properties instead.
             */
            interface IDesired extends kaji.agent.v1.Desired.$Properties {
            }

            /** Represents a Desired. */
            class Desired {

                /**
                 * Constructs a new Desired.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.Desired.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Desired isFull. */
                isFull: boolean;

                /** Desired generation. */
                generation: number;

                /** Desired pods. */
                pods: kaji.agent.v1.Assignment.$Properties[];

                /** Desired removedPods. */
                removedPods: string[];

                /** Desired objects. */
                objects: kaji.agent.v1.ConfigObject.$Properties[];

                /** Desired removedObjects. */
                removedObjects: string[];

                /**
                 * Creates a new Desired instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Desired instance
                 */
                static create(properties: kaji.agent.v1.Desired.$Shape): kaji.agent.v1.Desired & kaji.agent.v1.Desired.$Shape;
                static create(properties?: kaji.agent.v1.Desired.$Properties): kaji.agent.v1.Desired;

                /**
                 * Encodes the specified Desired message. Does not implicitly {@link kaji.agent.v1.Desired.verify|verify} messages.
                 * @param message Desired message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.Desired.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Desired message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.Desired & kaji.agent.v1.Desired.$Shape} Desired
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.Desired & kaji.agent.v1.Desired.$Shape;
            }

            namespace Desired {

                /** Properties of a Desired. */
                interface $Properties {

                    /** Desired isFull */
                    isFull?: boolean;

                    /** Desired generation */
                    generation?: number;

                    /** Desired pods */
                    pods?: (kaji.agent.v1.Assignment.$Properties[]|null);

                    /** Desired removedPods */
                    removedPods?: string[];

                    /** Desired objects */
                    objects?: (kaji.agent.v1.ConfigObject.$Properties[]|null);

                    /** Desired removedObjects */
                    removedObjects?: string[];

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Desired. */
                type $Shape = kaji.agent.v1.Desired.$Properties;
            }

            /**
             * Properties of an Assignment.
             * @deprecated Use kaji.agent.v1.Assignment.$Properties instead.
             */
            interface IAssignment extends kaji.agent.v1.Assignment.$Properties {
            }

            /** Represents an Assignment. */
            class Assignment {

                /**
                 * Constructs a new Assignment.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.Assignment.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Assignment uid. */
                uid: string;

                /** Assignment podJson. */
                podJson: Uint8Array;

                /**
                 * Creates a new Assignment instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Assignment instance
                 */
                static create(properties: kaji.agent.v1.Assignment.$Shape): kaji.agent.v1.Assignment & kaji.agent.v1.Assignment.$Shape;
                static create(properties?: kaji.agent.v1.Assignment.$Properties): kaji.agent.v1.Assignment;

                /**
                 * Encodes the specified Assignment message. Does not implicitly {@link kaji.agent.v1.Assignment.verify|verify} messages.
                 * @param message Assignment message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.Assignment.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an Assignment message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.Assignment & kaji.agent.v1.Assignment.$Shape} Assignment
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.Assignment & kaji.agent.v1.Assignment.$Shape;
            }

            namespace Assignment {

                /** Properties of an Assignment. */
                interface $Properties {

                    /** Assignment uid */
                    uid?: string;

                    /** Assignment podJson */
                    podJson?: Uint8Array;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an Assignment. */
                type $Shape = kaji.agent.v1.Assignment.$Properties;
            }

            /**
             * Properties of a ConfigObject.
             * @deprecated Use kaji.agent.v1.ConfigObject.$Properties instead.
             */
            interface IConfigObject extends kaji.agent.v1.ConfigObject.$Properties {
            }

            /** Represents a ConfigObject. */
            class ConfigObject {

                /**
                 * Constructs a new ConfigObject.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.ConfigObject.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ConfigObject kind. */
                kind: string;

                /** ConfigObject namespace. */
                namespace: string;

                /** ConfigObject name. */
                name: string;

                /** ConfigObject resourceVersion. */
                resourceVersion: string;

                /** ConfigObject json. */
                json: Uint8Array;

                /**
                 * Creates a new ConfigObject instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ConfigObject instance
                 */
                static create(properties: kaji.agent.v1.ConfigObject.$Shape): kaji.agent.v1.ConfigObject & kaji.agent.v1.ConfigObject.$Shape;
                static create(properties?: kaji.agent.v1.ConfigObject.$Properties): kaji.agent.v1.ConfigObject;

                /**
                 * Encodes the specified ConfigObject message. Does not implicitly {@link kaji.agent.v1.ConfigObject.verify|verify} messages.
                 * @param message ConfigObject message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.ConfigObject.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ConfigObject message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ConfigObject & kaji.agent.v1.ConfigObject.$Shape} ConfigObject
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.ConfigObject & kaji.agent.v1.ConfigObject.$Shape;
            }

            namespace ConfigObject {

                /** Properties of a ConfigObject. */
                interface $Properties {

                    /** ConfigObject kind */
                    kind?: string;

                    /** ConfigObject namespace */
                    namespace?: string;

                    /** ConfigObject name */
                    name?: string;

                    /** ConfigObject resourceVersion */
                    resourceVersion?: string;

                    /** ConfigObject json */
                    json?: Uint8Array;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ConfigObject. */
                type $Shape = kaji.agent.v1.ConfigObject.$Properties;
            }

            /**
             * Properties of a ServiceTable.
             * @deprecated Use kaji.agent.v1.ServiceTable.$Properties instead.
             */
            interface IServiceTable extends kaji.agent.v1.ServiceTable.$Properties {
            }

            /** Represents a ServiceTable. */
            class ServiceTable {

                /**
                 * Constructs a new ServiceTable.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.ServiceTable.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ServiceTable isFull. */
                isFull: boolean;

                /** ServiceTable services. */
                services: kaji.agent.v1.ServiceEntry.$Properties[];

                /** ServiceTable removed. */
                removed: string[];

                /**
                 * Creates a new ServiceTable instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ServiceTable instance
                 */
                static create(properties: kaji.agent.v1.ServiceTable.$Shape): kaji.agent.v1.ServiceTable & kaji.agent.v1.ServiceTable.$Shape;
                static create(properties?: kaji.agent.v1.ServiceTable.$Properties): kaji.agent.v1.ServiceTable;

                /**
                 * Encodes the specified ServiceTable message. Does not implicitly {@link kaji.agent.v1.ServiceTable.verify|verify} messages.
                 * @param message ServiceTable message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.ServiceTable.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ServiceTable message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ServiceTable & kaji.agent.v1.ServiceTable.$Shape} ServiceTable
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.ServiceTable & kaji.agent.v1.ServiceTable.$Shape;
            }

            namespace ServiceTable {

                /** Properties of a ServiceTable. */
                interface $Properties {

                    /** ServiceTable isFull */
                    isFull?: boolean;

                    /** ServiceTable services */
                    services?: (kaji.agent.v1.ServiceEntry.$Properties[]|null);

                    /** ServiceTable removed */
                    removed?: string[];

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ServiceTable. */
                type $Shape = kaji.agent.v1.ServiceTable.$Properties;
            }

            /**
             * Properties of a ServiceEntry.
             * @deprecated Use kaji.agent.v1.ServiceEntry.$Properties instead.
             */
            interface IServiceEntry extends kaji.agent.v1.ServiceEntry.$Properties {
            }

            /** Represents a ServiceEntry. */
            class ServiceEntry {

                /**
                 * Constructs a new ServiceEntry.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.ServiceEntry.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ServiceEntry namespace. */
                namespace: string;

                /** ServiceEntry name. */
                name: string;

                /** ServiceEntry serviceJson. */
                serviceJson: Uint8Array;

                /** ServiceEntry endpointSlicesJson. */
                endpointSlicesJson: Uint8Array[];

                /**
                 * Creates a new ServiceEntry instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ServiceEntry instance
                 */
                static create(properties: kaji.agent.v1.ServiceEntry.$Shape): kaji.agent.v1.ServiceEntry & kaji.agent.v1.ServiceEntry.$Shape;
                static create(properties?: kaji.agent.v1.ServiceEntry.$Properties): kaji.agent.v1.ServiceEntry;

                /**
                 * Encodes the specified ServiceEntry message. Does not implicitly {@link kaji.agent.v1.ServiceEntry.verify|verify} messages.
                 * @param message ServiceEntry message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.ServiceEntry.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ServiceEntry message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ServiceEntry & kaji.agent.v1.ServiceEntry.$Shape} ServiceEntry
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.ServiceEntry & kaji.agent.v1.ServiceEntry.$Shape;
            }

            namespace ServiceEntry {

                /** Properties of a ServiceEntry. */
                interface $Properties {

                    /** ServiceEntry namespace */
                    namespace?: string;

                    /** ServiceEntry name */
                    name?: string;

                    /** ServiceEntry serviceJson */
                    serviceJson?: Uint8Array;

                    /** ServiceEntry endpointSlicesJson */
                    endpointSlicesJson?: Uint8Array[];

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ServiceEntry. */
                type $Shape = kaji.agent.v1.ServiceEntry.$Properties;
            }

            /**
             * Properties of an OpenStream.
             * @deprecated Use kaji.agent.v1.OpenStream.$Properties instead.
             */
            interface IOpenStream extends kaji.agent.v1.OpenStream.$Properties {
            }

            /** Represents an OpenStream. */
            class OpenStream {

                /**
                 * Constructs a new OpenStream.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.OpenStream.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** OpenStream streamId. */
                streamId: string;

                /** OpenStream podNamespace. */
                podNamespace: string;

                /** OpenStream podName. */
                podName: string;

                /** OpenStream podUid. */
                podUid: string;

                /** OpenStream container. */
                container: string;

                /** OpenStream exec. */
                exec?: (kaji.agent.v1.ExecRequest.$Properties|null);

                /** OpenStream attach. */
                attach?: (kaji.agent.v1.AttachRequest.$Properties|null);

                /** OpenStream portForward. */
                portForward?: (kaji.agent.v1.PortForwardRequest.$Properties|null);

                /** OpenStream logs. */
                logs?: (kaji.agent.v1.LogRequest.$Properties|null);

                /** OpenStream image. */
                image?: (kaji.agent.v1.ImageRequest.$Properties|null);

                /** OpenStream read. */
                read?: (kaji.agent.v1.ReadRequest.$Properties|null);

                /** OpenStream request. */
                request?: ("exec"|"attach"|"portForward"|"logs"|"image"|"read");

                /**
                 * Creates a new OpenStream instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns OpenStream instance
                 */
                static create(properties: kaji.agent.v1.OpenStream.$Shape): kaji.agent.v1.OpenStream & kaji.agent.v1.OpenStream.$Shape;
                static create(properties?: kaji.agent.v1.OpenStream.$Properties): kaji.agent.v1.OpenStream;

                /**
                 * Encodes the specified OpenStream message. Does not implicitly {@link kaji.agent.v1.OpenStream.verify|verify} messages.
                 * @param message OpenStream message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.OpenStream.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an OpenStream message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.OpenStream & kaji.agent.v1.OpenStream.$Shape} OpenStream
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.OpenStream & kaji.agent.v1.OpenStream.$Shape;
            }

            namespace OpenStream {

                /** Properties of an OpenStream. */
                interface $Properties {

                    /** OpenStream streamId */
                    streamId?: string;

                    /** OpenStream podNamespace */
                    podNamespace?: string;

                    /** OpenStream podName */
                    podName?: string;

                    /** OpenStream podUid */
                    podUid?: string;

                    /** OpenStream container */
                    container?: string;

                    /** OpenStream exec */
                    exec?: (kaji.agent.v1.ExecRequest.$Properties|null);

                    /** OpenStream attach */
                    attach?: (kaji.agent.v1.AttachRequest.$Properties|null);

                    /** OpenStream portForward */
                    portForward?: (kaji.agent.v1.PortForwardRequest.$Properties|null);

                    /** OpenStream logs */
                    logs?: (kaji.agent.v1.LogRequest.$Properties|null);

                    /** OpenStream image */
                    image?: (kaji.agent.v1.ImageRequest.$Properties|null);

                    /** OpenStream read */
                    read?: (kaji.agent.v1.ReadRequest.$Properties|null);

                    /** OpenStream request */
                    request?: ("exec"|"attach"|"portForward"|"logs"|"image"|"read");

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Narrowed shape of an OpenStream. */
                type $Shape = {
                  streamId?: string;
                  podNamespace?: string;
                  podName?: string;
                  podUid?: string;
                  container?: string;
                  exec?: kaji.agent.v1.ExecRequest.$Shape|null;
                  attach?: kaji.agent.v1.AttachRequest.$Shape|null;
                  portForward?: kaji.agent.v1.PortForwardRequest.$Shape|null;
                  logs?: kaji.agent.v1.LogRequest.$Shape|null;
                  image?: kaji.agent.v1.ImageRequest.$Shape|null;
                  read?: kaji.agent.v1.ReadRequest.$Shape|null;
                  $unknowns?: Uint8Array[];
                } & (
                  ({ request?: never; exec?: never; attach?: never; portForward?: never; logs?: never; image?: never; read?: never }|{ request?: "exec"; exec: kaji.agent.v1.ExecRequest.$Shape; attach?: never; portForward?: never; logs?: never; image?: never; read?: never }|{ request?: "attach"; exec?: never; attach: kaji.agent.v1.AttachRequest.$Shape; portForward?: never; logs?: never; image?: never; read?: never }|{ request?: "portForward"; exec?: never; attach?: never; portForward: kaji.agent.v1.PortForwardRequest.$Shape; logs?: never; image?: never; read?: never }|{ request?: "logs"; exec?: never; attach?: never; portForward?: never; logs: kaji.agent.v1.LogRequest.$Shape; image?: never; read?: never }|{ request?: "image"; exec?: never; attach?: never; portForward?: never; logs?: never; image: kaji.agent.v1.ImageRequest.$Shape; read?: never }|{ request?: "read"; exec?: never; attach?: never; portForward?: never; logs?: never; image?: never; read: kaji.agent.v1.ReadRequest.$Shape })
                );
            }

            /**
             * Properties of an ExecRequest.
             * @deprecated Use kaji.agent.v1.ExecRequest.$Properties instead.
             */
            interface IExecRequest extends kaji.agent.v1.ExecRequest.$Properties {
            }

            /** Represents an ExecRequest. */
            class ExecRequest {

                /**
                 * Constructs a new ExecRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.ExecRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ExecRequest command. */
                command: string[];

                /** ExecRequest stdin. */
                stdin: boolean;

                /** ExecRequest stdout. */
                stdout: boolean;

                /** ExecRequest stderr. */
                stderr: boolean;

                /** ExecRequest tty. */
                tty: boolean;

                /**
                 * Creates a new ExecRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ExecRequest instance
                 */
                static create(properties: kaji.agent.v1.ExecRequest.$Shape): kaji.agent.v1.ExecRequest & kaji.agent.v1.ExecRequest.$Shape;
                static create(properties?: kaji.agent.v1.ExecRequest.$Properties): kaji.agent.v1.ExecRequest;

                /**
                 * Encodes the specified ExecRequest message. Does not implicitly {@link kaji.agent.v1.ExecRequest.verify|verify} messages.
                 * @param message ExecRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.ExecRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an ExecRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ExecRequest & kaji.agent.v1.ExecRequest.$Shape} ExecRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.ExecRequest & kaji.agent.v1.ExecRequest.$Shape;
            }

            namespace ExecRequest {

                /** Properties of an ExecRequest. */
                interface $Properties {

                    /** ExecRequest command */
                    command?: string[];

                    /** ExecRequest stdin */
                    stdin?: boolean;

                    /** ExecRequest stdout */
                    stdout?: boolean;

                    /** ExecRequest stderr */
                    stderr?: boolean;

                    /** ExecRequest tty */
                    tty?: boolean;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an ExecRequest. */
                type $Shape = kaji.agent.v1.ExecRequest.$Properties;
            }

            /**
             * Properties of an AttachRequest.
             * @deprecated Use kaji.agent.v1.AttachRequest.$Properties instead.
             */
            interface IAttachRequest extends kaji.agent.v1.AttachRequest.$Properties {
            }

            /** Represents an AttachRequest. */
            class AttachRequest {

                /**
                 * Constructs a new AttachRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.AttachRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** AttachRequest stdin. */
                stdin: boolean;

                /** AttachRequest stdout. */
                stdout: boolean;

                /** AttachRequest stderr. */
                stderr: boolean;

                /** AttachRequest tty. */
                tty: boolean;

                /**
                 * Creates a new AttachRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns AttachRequest instance
                 */
                static create(properties: kaji.agent.v1.AttachRequest.$Shape): kaji.agent.v1.AttachRequest & kaji.agent.v1.AttachRequest.$Shape;
                static create(properties?: kaji.agent.v1.AttachRequest.$Properties): kaji.agent.v1.AttachRequest;

                /**
                 * Encodes the specified AttachRequest message. Does not implicitly {@link kaji.agent.v1.AttachRequest.verify|verify} messages.
                 * @param message AttachRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.AttachRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an AttachRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.AttachRequest & kaji.agent.v1.AttachRequest.$Shape} AttachRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.AttachRequest & kaji.agent.v1.AttachRequest.$Shape;
            }

            namespace AttachRequest {

                /** Properties of an AttachRequest. */
                interface $Properties {

                    /** AttachRequest stdin */
                    stdin?: boolean;

                    /** AttachRequest stdout */
                    stdout?: boolean;

                    /** AttachRequest stderr */
                    stderr?: boolean;

                    /** AttachRequest tty */
                    tty?: boolean;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an AttachRequest. */
                type $Shape = kaji.agent.v1.AttachRequest.$Properties;
            }

            /**
             * Properties of a PortForwardRequest.
             * @deprecated Use kaji.agent.v1.PortForwardRequest.$Properties instead.
             */
            interface IPortForwardRequest extends kaji.agent.v1.PortForwardRequest.$Properties {
            }

            /** Represents a PortForwardRequest. */
            class PortForwardRequest {

                /**
                 * Constructs a new PortForwardRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.PortForwardRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PortForwardRequest port. */
                port: number;

                /**
                 * Creates a new PortForwardRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PortForwardRequest instance
                 */
                static create(properties: kaji.agent.v1.PortForwardRequest.$Shape): kaji.agent.v1.PortForwardRequest & kaji.agent.v1.PortForwardRequest.$Shape;
                static create(properties?: kaji.agent.v1.PortForwardRequest.$Properties): kaji.agent.v1.PortForwardRequest;

                /**
                 * Encodes the specified PortForwardRequest message. Does not implicitly {@link kaji.agent.v1.PortForwardRequest.verify|verify} messages.
                 * @param message PortForwardRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.PortForwardRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PortForwardRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PortForwardRequest & kaji.agent.v1.PortForwardRequest.$Shape} PortForwardRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.PortForwardRequest & kaji.agent.v1.PortForwardRequest.$Shape;
            }

            namespace PortForwardRequest {

                /** Properties of a PortForwardRequest. */
                interface $Properties {

                    /** PortForwardRequest port */
                    port?: number;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PortForwardRequest. */
                type $Shape = kaji.agent.v1.PortForwardRequest.$Properties;
            }

            /**
             * Properties of a LogRequest.
             * @deprecated Use kaji.agent.v1.LogRequest.$Properties instead.
             */
            interface ILogRequest extends kaji.agent.v1.LogRequest.$Properties {
            }

            /** Represents a LogRequest. */
            class LogRequest {

                /**
                 * Constructs a new LogRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.LogRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** LogRequest follow. */
                follow: boolean;

                /** LogRequest previous. */
                previous: boolean;

                /** LogRequest timestamps. */
                timestamps: boolean;

                /** LogRequest tailLines. */
                tailLines: number;

                /** LogRequest limitBytes. */
                limitBytes: number;

                /** LogRequest sinceTime. */
                sinceTime: string;

                /**
                 * Creates a new LogRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns LogRequest instance
                 */
                static create(properties: kaji.agent.v1.LogRequest.$Shape): kaji.agent.v1.LogRequest & kaji.agent.v1.LogRequest.$Shape;
                static create(properties?: kaji.agent.v1.LogRequest.$Properties): kaji.agent.v1.LogRequest;

                /**
                 * Encodes the specified LogRequest message. Does not implicitly {@link kaji.agent.v1.LogRequest.verify|verify} messages.
                 * @param message LogRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.LogRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a LogRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.LogRequest & kaji.agent.v1.LogRequest.$Shape} LogRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.LogRequest & kaji.agent.v1.LogRequest.$Shape;
            }

            namespace LogRequest {

                /** Properties of a LogRequest. */
                interface $Properties {

                    /** LogRequest follow */
                    follow?: boolean;

                    /** LogRequest previous */
                    previous?: boolean;

                    /** LogRequest timestamps */
                    timestamps?: boolean;

                    /** LogRequest tailLines */
                    tailLines?: number;

                    /** LogRequest limitBytes */
                    limitBytes?: number;

                    /** LogRequest sinceTime */
                    sinceTime?: string;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a LogRequest. */
                type $Shape = kaji.agent.v1.LogRequest.$Properties;
            }

            /**
             * Properties of an ImageRequest.
             * @deprecated Use kaji.agent.v1.ImageRequest.$Properties instead.
             */
            interface IImageRequest extends kaji.agent.v1.ImageRequest.$Properties {
            }

            /** Represents an ImageRequest. */
            class ImageRequest {

                /**
                 * Constructs a new ImageRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.ImageRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ImageRequest reference. */
                reference: string;

                /** ImageRequest platform. */
                platform: string;

                /**
                 * Creates a new ImageRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ImageRequest instance
                 */
                static create(properties: kaji.agent.v1.ImageRequest.$Shape): kaji.agent.v1.ImageRequest & kaji.agent.v1.ImageRequest.$Shape;
                static create(properties?: kaji.agent.v1.ImageRequest.$Properties): kaji.agent.v1.ImageRequest;

                /**
                 * Encodes the specified ImageRequest message. Does not implicitly {@link kaji.agent.v1.ImageRequest.verify|verify} messages.
                 * @param message ImageRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.ImageRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an ImageRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ImageRequest & kaji.agent.v1.ImageRequest.$Shape} ImageRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.ImageRequest & kaji.agent.v1.ImageRequest.$Shape;
            }

            namespace ImageRequest {

                /** Properties of an ImageRequest. */
                interface $Properties {

                    /** ImageRequest reference */
                    reference?: string;

                    /** ImageRequest platform */
                    platform?: string;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an ImageRequest. */
                type $Shape = kaji.agent.v1.ImageRequest.$Properties;
            }

            /**
             * Properties of an ImageChunk.
             * @deprecated Use kaji.agent.v1.ImageChunk.$Properties instead.
             */
            interface IImageChunk extends kaji.agent.v1.ImageChunk.$Properties {
            }

            /** Represents an ImageChunk. */
            class ImageChunk {

                /**
                 * Constructs a new ImageChunk.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.ImageChunk.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ImageChunk bytes. */
                bytes: Uint8Array;

                /** ImageChunk offer. */
                offer?: (kaji.agent.v1.ImageOffer.$Properties|null);

                /**
                 * Creates a new ImageChunk instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ImageChunk instance
                 */
                static create(properties: kaji.agent.v1.ImageChunk.$Shape): kaji.agent.v1.ImageChunk & kaji.agent.v1.ImageChunk.$Shape;
                static create(properties?: kaji.agent.v1.ImageChunk.$Properties): kaji.agent.v1.ImageChunk;

                /**
                 * Encodes the specified ImageChunk message. Does not implicitly {@link kaji.agent.v1.ImageChunk.verify|verify} messages.
                 * @param message ImageChunk message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.ImageChunk.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an ImageChunk message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ImageChunk & kaji.agent.v1.ImageChunk.$Shape} ImageChunk
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.ImageChunk & kaji.agent.v1.ImageChunk.$Shape;
            }

            namespace ImageChunk {

                /** Properties of an ImageChunk. */
                interface $Properties {

                    /** ImageChunk bytes */
                    bytes?: Uint8Array;

                    /** ImageChunk offer */
                    offer?: (kaji.agent.v1.ImageOffer.$Properties|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an ImageChunk. */
                type $Shape = kaji.agent.v1.ImageChunk.$Properties;
            }

            /**
             * Properties of a ReadRequest.
             * @deprecated Use kaji.agent.v1.ReadRequest.$Properties instead.
             */
            interface IReadRequest extends kaji.agent.v1.ReadRequest.$Properties {
            }

            /** Represents a ReadRequest. */
            class ReadRequest {

                /**
                 * Constructs a new ReadRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.ReadRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ReadRequest path. */
                path: string;

                /**
                 * Creates a new ReadRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ReadRequest instance
                 */
                static create(properties: kaji.agent.v1.ReadRequest.$Shape): kaji.agent.v1.ReadRequest & kaji.agent.v1.ReadRequest.$Shape;
                static create(properties?: kaji.agent.v1.ReadRequest.$Properties): kaji.agent.v1.ReadRequest;

                /**
                 * Encodes the specified ReadRequest message. Does not implicitly {@link kaji.agent.v1.ReadRequest.verify|verify} messages.
                 * @param message ReadRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.ReadRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ReadRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ReadRequest & kaji.agent.v1.ReadRequest.$Shape} ReadRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.ReadRequest & kaji.agent.v1.ReadRequest.$Shape;
            }

            namespace ReadRequest {

                /** Properties of a ReadRequest. */
                interface $Properties {

                    /** ReadRequest path */
                    path?: string;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ReadRequest. */
                type $Shape = kaji.agent.v1.ReadRequest.$Properties;
            }

            /**
             * Properties of an ImageOffer.
             * @deprecated Use kaji.agent.v1.ImageOffer.$Properties instead.
             */
            interface IImageOffer extends kaji.agent.v1.ImageOffer.$Properties {
            }

            /** Represents an ImageOffer. */
            class ImageOffer {

                /**
                 * Constructs a new ImageOffer.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.ImageOffer.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ImageOffer nodeName. */
                nodeName: string;

                /** ImageOffer digest. */
                digest: string;

                /** ImageOffer sizeBytes. */
                sizeBytes: number;

                /** ImageOffer namedAtMs. */
                namedAtMs: number;

                /**
                 * Creates a new ImageOffer instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ImageOffer instance
                 */
                static create(properties: kaji.agent.v1.ImageOffer.$Shape): kaji.agent.v1.ImageOffer & kaji.agent.v1.ImageOffer.$Shape;
                static create(properties?: kaji.agent.v1.ImageOffer.$Properties): kaji.agent.v1.ImageOffer;

                /**
                 * Encodes the specified ImageOffer message. Does not implicitly {@link kaji.agent.v1.ImageOffer.verify|verify} messages.
                 * @param message ImageOffer message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.ImageOffer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an ImageOffer message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ImageOffer & kaji.agent.v1.ImageOffer.$Shape} ImageOffer
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.ImageOffer & kaji.agent.v1.ImageOffer.$Shape;
            }

            namespace ImageOffer {

                /** Properties of an ImageOffer. */
                interface $Properties {

                    /** ImageOffer nodeName */
                    nodeName?: string;

                    /** ImageOffer digest */
                    digest?: string;

                    /** ImageOffer sizeBytes */
                    sizeBytes?: number;

                    /** ImageOffer namedAtMs */
                    namedAtMs?: number;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an ImageOffer. */
                type $Shape = kaji.agent.v1.ImageOffer.$Properties;
            }

            /**
             * Properties of a StreamFrame.
             * @deprecated Use kaji.agent.v1.StreamFrame.$Properties instead.
             */
            interface IStreamFrame extends kaji.agent.v1.StreamFrame.$Properties {
            }

            /** Represents a StreamFrame. */
            class StreamFrame {

                /**
                 * Constructs a new StreamFrame.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.StreamFrame.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** StreamFrame data. */
                data?: (kaji.agent.v1.Data.$Properties|null);

                /** StreamFrame resize. */
                resize?: (kaji.agent.v1.Resize.$Properties|null);

                /** StreamFrame statusJson. */
                statusJson?: Uint8Array;

                /** StreamFrame endOfChannel. */
                endOfChannel?: number;

                /** StreamFrame relayOpen. */
                relayOpen?: (kaji.agent.v1.RelayOpen.$Properties|null);

                /** StreamFrame frame. */
                frame?: ("data"|"resize"|"statusJson"|"endOfChannel"|"relayOpen");

                /**
                 * Creates a new StreamFrame instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns StreamFrame instance
                 */
                static create(properties: kaji.agent.v1.StreamFrame.$Shape): kaji.agent.v1.StreamFrame & kaji.agent.v1.StreamFrame.$Shape;
                static create(properties?: kaji.agent.v1.StreamFrame.$Properties): kaji.agent.v1.StreamFrame;

                /**
                 * Encodes the specified StreamFrame message. Does not implicitly {@link kaji.agent.v1.StreamFrame.verify|verify} messages.
                 * @param message StreamFrame message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.StreamFrame.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a StreamFrame message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.StreamFrame & kaji.agent.v1.StreamFrame.$Shape} StreamFrame
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.StreamFrame & kaji.agent.v1.StreamFrame.$Shape;
            }

            namespace StreamFrame {

                /** Properties of a StreamFrame. */
                interface $Properties {

                    /** StreamFrame data */
                    data?: (kaji.agent.v1.Data.$Properties|null);

                    /** StreamFrame resize */
                    resize?: (kaji.agent.v1.Resize.$Properties|null);

                    /** StreamFrame statusJson */
                    statusJson?: Uint8Array;

                    /** StreamFrame endOfChannel */
                    endOfChannel?: number;

                    /** StreamFrame relayOpen */
                    relayOpen?: (kaji.agent.v1.RelayOpen.$Properties|null);

                    /** StreamFrame frame */
                    frame?: ("data"|"resize"|"statusJson"|"endOfChannel"|"relayOpen");

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Narrowed shape of a StreamFrame. */
                type $Shape = {
                  data?: kaji.agent.v1.Data.$Shape|null;
                  resize?: kaji.agent.v1.Resize.$Shape|null;
                  statusJson?: Uint8Array;
                  endOfChannel?: number;
                  relayOpen?: kaji.agent.v1.RelayOpen.$Shape|null;
                  $unknowns?: Uint8Array[];
                } & (
                  ({ frame?: never; data?: never; resize?: never; statusJson?: never; endOfChannel?: never; relayOpen?: never }|{ frame?: "data"; data: kaji.agent.v1.Data.$Shape; resize?: never; statusJson?: never; endOfChannel?: never; relayOpen?: never }|{ frame?: "resize"; data?: never; resize: kaji.agent.v1.Resize.$Shape; statusJson?: never; endOfChannel?: never; relayOpen?: never }|{ frame?: "statusJson"; data?: never; resize?: never; statusJson: Uint8Array; endOfChannel?: never; relayOpen?: never }|{ frame?: "endOfChannel"; data?: never; resize?: never; statusJson?: never; endOfChannel: number; relayOpen?: never }|{ frame?: "relayOpen"; data?: never; resize?: never; statusJson?: never; endOfChannel?: never; relayOpen: kaji.agent.v1.RelayOpen.$Shape })
                );
            }

            /**
             * Properties of a RelayOpen.
             * @deprecated Use kaji.agent.v1.RelayOpen.$Properties instead.
             */
            interface IRelayOpen extends kaji.agent.v1.RelayOpen.$Properties {
            }

            /** Represents a RelayOpen. */
            class RelayOpen {

                /**
                 * Constructs a new RelayOpen.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.RelayOpen.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** RelayOpen nodeName. */
                nodeName: string;

                /** RelayOpen open. */
                open?: (kaji.agent.v1.OpenStream.$Properties|null);

                /**
                 * Creates a new RelayOpen instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns RelayOpen instance
                 */
                static create(properties: kaji.agent.v1.RelayOpen.$Shape): kaji.agent.v1.RelayOpen & kaji.agent.v1.RelayOpen.$Shape;
                static create(properties?: kaji.agent.v1.RelayOpen.$Properties): kaji.agent.v1.RelayOpen;

                /**
                 * Encodes the specified RelayOpen message. Does not implicitly {@link kaji.agent.v1.RelayOpen.verify|verify} messages.
                 * @param message RelayOpen message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.RelayOpen.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a RelayOpen message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.RelayOpen & kaji.agent.v1.RelayOpen.$Shape} RelayOpen
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.RelayOpen & kaji.agent.v1.RelayOpen.$Shape;
            }

            namespace RelayOpen {

                /** Properties of a RelayOpen. */
                interface $Properties {

                    /** RelayOpen nodeName */
                    nodeName?: string;

                    /** RelayOpen open */
                    open?: (kaji.agent.v1.OpenStream.$Properties|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a RelayOpen. */
                type $Shape = {
                  nodeName?: string;
                  open?: kaji.agent.v1.OpenStream.$Shape|null;
                  $unknowns?: Uint8Array[];
                };
            }

            /**
             * Properties of a PeerMetricsRequest.
             * @deprecated Use kaji.agent.v1.PeerMetricsRequest.$Properties instead.
             */
            interface IPeerMetricsRequest extends kaji.agent.v1.PeerMetricsRequest.$Properties {
            }

            /** Represents a PeerMetricsRequest. */
            class PeerMetricsRequest {

                /**
                 * Constructs a new PeerMetricsRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.PeerMetricsRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PeerMetricsRequest once. */
                once: boolean;

                /**
                 * Creates a new PeerMetricsRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PeerMetricsRequest instance
                 */
                static create(properties: kaji.agent.v1.PeerMetricsRequest.$Shape): kaji.agent.v1.PeerMetricsRequest & kaji.agent.v1.PeerMetricsRequest.$Shape;
                static create(properties?: kaji.agent.v1.PeerMetricsRequest.$Properties): kaji.agent.v1.PeerMetricsRequest;

                /**
                 * Encodes the specified PeerMetricsRequest message. Does not implicitly {@link kaji.agent.v1.PeerMetricsRequest.verify|verify} messages.
                 * @param message PeerMetricsRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.PeerMetricsRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PeerMetricsRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PeerMetricsRequest & kaji.agent.v1.PeerMetricsRequest.$Shape} PeerMetricsRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.PeerMetricsRequest & kaji.agent.v1.PeerMetricsRequest.$Shape;
            }

            namespace PeerMetricsRequest {

                /** Properties of a PeerMetricsRequest. */
                interface $Properties {

                    /** PeerMetricsRequest once */
                    once?: boolean;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PeerMetricsRequest. */
                type $Shape = kaji.agent.v1.PeerMetricsRequest.$Properties;
            }

            /**
             * Properties of a PeerMetricsReply.
             * @deprecated Use kaji.agent.v1.PeerMetricsReply.$Properties instead.
             */
            interface IPeerMetricsReply extends kaji.agent.v1.PeerMetricsReply.$Properties {
            }

            /** Represents a PeerMetricsReply. */
            class PeerMetricsReply {

                /**
                 * Constructs a new PeerMetricsReply.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.PeerMetricsReply.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PeerMetricsReply nodeMetricsJson. */
                nodeMetricsJson: Uint8Array[];

                /** PeerMetricsReply podMetricsJson. */
                podMetricsJson: Uint8Array[];

                /**
                 * Creates a new PeerMetricsReply instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PeerMetricsReply instance
                 */
                static create(properties: kaji.agent.v1.PeerMetricsReply.$Shape): kaji.agent.v1.PeerMetricsReply & kaji.agent.v1.PeerMetricsReply.$Shape;
                static create(properties?: kaji.agent.v1.PeerMetricsReply.$Properties): kaji.agent.v1.PeerMetricsReply;

                /**
                 * Encodes the specified PeerMetricsReply message. Does not implicitly {@link kaji.agent.v1.PeerMetricsReply.verify|verify} messages.
                 * @param message PeerMetricsReply message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.PeerMetricsReply.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PeerMetricsReply message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PeerMetricsReply & kaji.agent.v1.PeerMetricsReply.$Shape} PeerMetricsReply
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.PeerMetricsReply & kaji.agent.v1.PeerMetricsReply.$Shape;
            }

            namespace PeerMetricsReply {

                /** Properties of a PeerMetricsReply. */
                interface $Properties {

                    /** PeerMetricsReply nodeMetricsJson */
                    nodeMetricsJson?: Uint8Array[];

                    /** PeerMetricsReply podMetricsJson */
                    podMetricsJson?: Uint8Array[];

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PeerMetricsReply. */
                type $Shape = kaji.agent.v1.PeerMetricsReply.$Properties;
            }

            /**
             * Properties of a PeerReadRequest.
             * @deprecated Use kaji.agent.v1.PeerReadRequest.$Properties instead.
             */
            interface IPeerReadRequest extends kaji.agent.v1.PeerReadRequest.$Properties {
            }

            /** Represents a PeerReadRequest. */
            class PeerReadRequest {

                /**
                 * Constructs a new PeerReadRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.PeerReadRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PeerReadRequest question. */
                question: string;

                /**
                 * Creates a new PeerReadRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PeerReadRequest instance
                 */
                static create(properties: kaji.agent.v1.PeerReadRequest.$Shape): kaji.agent.v1.PeerReadRequest & kaji.agent.v1.PeerReadRequest.$Shape;
                static create(properties?: kaji.agent.v1.PeerReadRequest.$Properties): kaji.agent.v1.PeerReadRequest;

                /**
                 * Encodes the specified PeerReadRequest message. Does not implicitly {@link kaji.agent.v1.PeerReadRequest.verify|verify} messages.
                 * @param message PeerReadRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.PeerReadRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PeerReadRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PeerReadRequest & kaji.agent.v1.PeerReadRequest.$Shape} PeerReadRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.PeerReadRequest & kaji.agent.v1.PeerReadRequest.$Shape;
            }

            namespace PeerReadRequest {

                /** Properties of a PeerReadRequest. */
                interface $Properties {

                    /** PeerReadRequest question */
                    question?: string;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PeerReadRequest. */
                type $Shape = kaji.agent.v1.PeerReadRequest.$Properties;
            }

            /**
             * Properties of a PeerReadReply.
             * @deprecated Use kaji.agent.v1.PeerReadReply.$Properties instead.
             */
            interface IPeerReadReply extends kaji.agent.v1.PeerReadReply.$Properties {
            }

            /** Represents a PeerReadReply. */
            class PeerReadReply {

                /**
                 * Constructs a new PeerReadReply.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.PeerReadReply.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PeerReadReply json. */
                json: Uint8Array;

                /**
                 * Creates a new PeerReadReply instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PeerReadReply instance
                 */
                static create(properties: kaji.agent.v1.PeerReadReply.$Shape): kaji.agent.v1.PeerReadReply & kaji.agent.v1.PeerReadReply.$Shape;
                static create(properties?: kaji.agent.v1.PeerReadReply.$Properties): kaji.agent.v1.PeerReadReply;

                /**
                 * Encodes the specified PeerReadReply message. Does not implicitly {@link kaji.agent.v1.PeerReadReply.verify|verify} messages.
                 * @param message PeerReadReply message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.PeerReadReply.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PeerReadReply message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PeerReadReply & kaji.agent.v1.PeerReadReply.$Shape} PeerReadReply
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.PeerReadReply & kaji.agent.v1.PeerReadReply.$Shape;
            }

            namespace PeerReadReply {

                /** Properties of a PeerReadReply. */
                interface $Properties {

                    /** PeerReadReply json */
                    json?: Uint8Array;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PeerReadReply. */
                type $Shape = kaji.agent.v1.PeerReadReply.$Properties;
            }

            /**
             * Properties of a Data.
             * @deprecated Use kaji.agent.v1.Data.$Properties instead.
             */
            interface IData extends kaji.agent.v1.Data.$Properties {
            }

            /** Represents a Data. */
            class Data {

                /**
                 * Constructs a new Data.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.Data.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Data channel. */
                channel: number;

                /** Data bytes. */
                bytes: Uint8Array;

                /**
                 * Creates a new Data instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Data instance
                 */
                static create(properties: kaji.agent.v1.Data.$Shape): kaji.agent.v1.Data & kaji.agent.v1.Data.$Shape;
                static create(properties?: kaji.agent.v1.Data.$Properties): kaji.agent.v1.Data;

                /**
                 * Encodes the specified Data message. Does not implicitly {@link kaji.agent.v1.Data.verify|verify} messages.
                 * @param message Data message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.Data.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Data message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.Data & kaji.agent.v1.Data.$Shape} Data
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.Data & kaji.agent.v1.Data.$Shape;
            }

            namespace Data {

                /** Properties of a Data. */
                interface $Properties {

                    /** Data channel */
                    channel?: number;

                    /** Data bytes */
                    bytes?: Uint8Array;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Data. */
                type $Shape = kaji.agent.v1.Data.$Properties;
            }

            /**
             * Properties of a Resize.
             * @deprecated Use kaji.agent.v1.Resize.$Properties instead.
             */
            interface IResize extends kaji.agent.v1.Resize.$Properties {
            }

            /** Represents a Resize. */
            class Resize {

                /**
                 * Constructs a new Resize.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.Resize.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Resize width. */
                width: number;

                /** Resize height. */
                height: number;

                /**
                 * Creates a new Resize instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Resize instance
                 */
                static create(properties: kaji.agent.v1.Resize.$Shape): kaji.agent.v1.Resize & kaji.agent.v1.Resize.$Shape;
                static create(properties?: kaji.agent.v1.Resize.$Properties): kaji.agent.v1.Resize;

                /**
                 * Encodes the specified Resize message. Does not implicitly {@link kaji.agent.v1.Resize.verify|verify} messages.
                 * @param message Resize message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.Resize.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Resize message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.Resize & kaji.agent.v1.Resize.$Shape} Resize
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.Resize & kaji.agent.v1.Resize.$Shape;
            }

            namespace Resize {

                /** Properties of a Resize. */
                interface $Properties {

                    /** Resize width */
                    width?: number;

                    /** Resize height */
                    height?: number;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Resize. */
                type $Shape = kaji.agent.v1.Resize.$Properties;
            }

            /**
             * Properties of a Certificate.
             * @deprecated Use kaji.agent.v1.Certificate.$Properties instead.
             */
            interface ICertificate extends kaji.agent.v1.Certificate.$Properties {
            }

            /** Represents a Certificate. */
            class Certificate {

                /**
                 * Constructs a new Certificate.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.Certificate.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Certificate certificatePem. */
                certificatePem: string;

                /** Certificate caPem. */
                caPem: string;

                /**
                 * Creates a new Certificate instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Certificate instance
                 */
                static create(properties: kaji.agent.v1.Certificate.$Shape): kaji.agent.v1.Certificate & kaji.agent.v1.Certificate.$Shape;
                static create(properties?: kaji.agent.v1.Certificate.$Properties): kaji.agent.v1.Certificate;

                /**
                 * Encodes the specified Certificate message. Does not implicitly {@link kaji.agent.v1.Certificate.verify|verify} messages.
                 * @param message Certificate message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.Certificate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Certificate message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.Certificate & kaji.agent.v1.Certificate.$Shape} Certificate
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.Certificate & kaji.agent.v1.Certificate.$Shape;
            }

            namespace Certificate {

                /** Properties of a Certificate. */
                interface $Properties {

                    /** Certificate certificatePem */
                    certificatePem?: string;

                    /** Certificate caPem */
                    caPem?: string;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Certificate. */
                type $Shape = kaji.agent.v1.Certificate.$Properties;
            }

            /**
             * Properties of a CertificateRequest.
             * @deprecated Use kaji.agent.v1.CertificateRequest.$Properties instead.
             */
            interface ICertificateRequest extends kaji.agent.v1.CertificateRequest.$Properties {
            }

            /** Represents a CertificateRequest. */
            class CertificateRequest {

                /**
                 * Constructs a new CertificateRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.CertificateRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** CertificateRequest csrPem. */
                csrPem: string;

                /**
                 * Creates a new CertificateRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns CertificateRequest instance
                 */
                static create(properties: kaji.agent.v1.CertificateRequest.$Shape): kaji.agent.v1.CertificateRequest & kaji.agent.v1.CertificateRequest.$Shape;
                static create(properties?: kaji.agent.v1.CertificateRequest.$Properties): kaji.agent.v1.CertificateRequest;

                /**
                 * Encodes the specified CertificateRequest message. Does not implicitly {@link kaji.agent.v1.CertificateRequest.verify|verify} messages.
                 * @param message CertificateRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.CertificateRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a CertificateRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.CertificateRequest & kaji.agent.v1.CertificateRequest.$Shape} CertificateRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.CertificateRequest & kaji.agent.v1.CertificateRequest.$Shape;
            }

            namespace CertificateRequest {

                /** Properties of a CertificateRequest. */
                interface $Properties {

                    /** CertificateRequest csrPem */
                    csrPem?: string;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a CertificateRequest. */
                type $Shape = kaji.agent.v1.CertificateRequest.$Properties;
            }

            /**
             * Properties of a PeerTable.
             * @deprecated Use kaji.agent.v1.PeerTable.$Properties instead.
             */
            interface IPeerTable extends kaji.agent.v1.PeerTable.$Properties {
            }

            /** Represents a PeerTable. */
            class PeerTable {

                /**
                 * Constructs a new PeerTable.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.PeerTable.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PeerTable isFull. */
                isFull: boolean;

                /** PeerTable peers. */
                peers: kaji.agent.v1.Peer.$Properties[];

                /** PeerTable removed. */
                removed: string[];

                /**
                 * Creates a new PeerTable instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PeerTable instance
                 */
                static create(properties: kaji.agent.v1.PeerTable.$Shape): kaji.agent.v1.PeerTable & kaji.agent.v1.PeerTable.$Shape;
                static create(properties?: kaji.agent.v1.PeerTable.$Properties): kaji.agent.v1.PeerTable;

                /**
                 * Encodes the specified PeerTable message. Does not implicitly {@link kaji.agent.v1.PeerTable.verify|verify} messages.
                 * @param message PeerTable message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.PeerTable.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PeerTable message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PeerTable & kaji.agent.v1.PeerTable.$Shape} PeerTable
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.PeerTable & kaji.agent.v1.PeerTable.$Shape;
            }

            namespace PeerTable {

                /** Properties of a PeerTable. */
                interface $Properties {

                    /** PeerTable isFull */
                    isFull?: boolean;

                    /** PeerTable peers */
                    peers?: (kaji.agent.v1.Peer.$Properties[]|null);

                    /** PeerTable removed */
                    removed?: string[];

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PeerTable. */
                type $Shape = kaji.agent.v1.PeerTable.$Properties;
            }

            /**
             * Properties of a Peer.
             * @deprecated Use kaji.agent.v1.Peer.$Properties instead.
             */
            interface IPeer extends kaji.agent.v1.Peer.$Properties {
            }

            /** Represents a Peer. */
            class Peer {

                /**
                 * Constructs a new Peer.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.Peer.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Peer nodeName. */
                nodeName: string;

                /** Peer internalIp. */
                internalIp: string;

                /** Peer podCidr. */
                podCidr: string;

                /**
                 * Creates a new Peer instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Peer instance
                 */
                static create(properties: kaji.agent.v1.Peer.$Shape): kaji.agent.v1.Peer & kaji.agent.v1.Peer.$Shape;
                static create(properties?: kaji.agent.v1.Peer.$Properties): kaji.agent.v1.Peer;

                /**
                 * Encodes the specified Peer message. Does not implicitly {@link kaji.agent.v1.Peer.verify|verify} messages.
                 * @param message Peer message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.Peer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Peer message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.Peer & kaji.agent.v1.Peer.$Shape} Peer
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.Peer & kaji.agent.v1.Peer.$Shape;
            }

            namespace Peer {

                /** Properties of a Peer. */
                interface $Properties {

                    /** Peer nodeName */
                    nodeName?: string;

                    /** Peer internalIp */
                    internalIp?: string;

                    /** Peer podCidr */
                    podCidr?: string;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Peer. */
                type $Shape = kaji.agent.v1.Peer.$Properties;
            }

            /**
             * Properties of a ServerList.
             * @deprecated Use kaji.agent.v1.ServerList.$Properties instead.
             */
            interface IServerList extends kaji.agent.v1.ServerList.$Properties {
            }

            /** Represents a ServerList. */
            class ServerList {

                /**
                 * Constructs a new ServerList.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.ServerList.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ServerList gateways. */
                gateways: string[];

                /**
                 * Creates a new ServerList instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ServerList instance
                 */
                static create(properties: kaji.agent.v1.ServerList.$Shape): kaji.agent.v1.ServerList & kaji.agent.v1.ServerList.$Shape;
                static create(properties?: kaji.agent.v1.ServerList.$Properties): kaji.agent.v1.ServerList;

                /**
                 * Encodes the specified ServerList message. Does not implicitly {@link kaji.agent.v1.ServerList.verify|verify} messages.
                 * @param message ServerList message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.ServerList.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ServerList message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ServerList & kaji.agent.v1.ServerList.$Shape} ServerList
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.ServerList & kaji.agent.v1.ServerList.$Shape;
            }

            namespace ServerList {

                /** Properties of a ServerList. */
                interface $Properties {

                    /** ServerList gateways */
                    gateways?: string[];

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ServerList. */
                type $Shape = kaji.agent.v1.ServerList.$Properties;
            }

            /**
             * Properties of a PolicyTable.
             * @deprecated Use kaji.agent.v1.PolicyTable.$Properties instead.
             */
            interface IPolicyTable extends kaji.agent.v1.PolicyTable.$Properties {
            }

            /** Represents a PolicyTable. */
            class PolicyTable {

                /**
                 * Constructs a new PolicyTable.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.PolicyTable.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PolicyTable isFull. */
                isFull: boolean;

                /** PolicyTable policies. */
                policies: kaji.agent.v1.PolicyEntry.$Properties[];

                /** PolicyTable removed. */
                removed: string[];

                /**
                 * Creates a new PolicyTable instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PolicyTable instance
                 */
                static create(properties: kaji.agent.v1.PolicyTable.$Shape): kaji.agent.v1.PolicyTable & kaji.agent.v1.PolicyTable.$Shape;
                static create(properties?: kaji.agent.v1.PolicyTable.$Properties): kaji.agent.v1.PolicyTable;

                /**
                 * Encodes the specified PolicyTable message. Does not implicitly {@link kaji.agent.v1.PolicyTable.verify|verify} messages.
                 * @param message PolicyTable message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.PolicyTable.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PolicyTable message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PolicyTable & kaji.agent.v1.PolicyTable.$Shape} PolicyTable
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.PolicyTable & kaji.agent.v1.PolicyTable.$Shape;
            }

            namespace PolicyTable {

                /** Properties of a PolicyTable. */
                interface $Properties {

                    /** PolicyTable isFull */
                    isFull?: boolean;

                    /** PolicyTable policies */
                    policies?: (kaji.agent.v1.PolicyEntry.$Properties[]|null);

                    /** PolicyTable removed */
                    removed?: string[];

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PolicyTable. */
                type $Shape = kaji.agent.v1.PolicyTable.$Properties;
            }

            /**
             * Properties of a PolicyEntry.
             * @deprecated Use kaji.agent.v1.PolicyEntry.$Properties instead.
             */
            interface IPolicyEntry extends kaji.agent.v1.PolicyEntry.$Properties {
            }

            /** Represents a PolicyEntry. */
            class PolicyEntry {

                /**
                 * Constructs a new PolicyEntry.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.PolicyEntry.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PolicyEntry namespace. */
                namespace: string;

                /** PolicyEntry name. */
                name: string;

                /** PolicyEntry pods. */
                pods: kaji.agent.v1.PolicyPod.$Properties[];

                /** PolicyEntry restrictsIngress. */
                restrictsIngress: boolean;

                /** PolicyEntry restrictsEgress. */
                restrictsEgress: boolean;

                /** PolicyEntry ingress. */
                ingress: kaji.agent.v1.PolicyRule.$Properties[];

                /** PolicyEntry egress. */
                egress: kaji.agent.v1.PolicyRule.$Properties[];

                /**
                 * Creates a new PolicyEntry instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PolicyEntry instance
                 */
                static create(properties: kaji.agent.v1.PolicyEntry.$Shape): kaji.agent.v1.PolicyEntry & kaji.agent.v1.PolicyEntry.$Shape;
                static create(properties?: kaji.agent.v1.PolicyEntry.$Properties): kaji.agent.v1.PolicyEntry;

                /**
                 * Encodes the specified PolicyEntry message. Does not implicitly {@link kaji.agent.v1.PolicyEntry.verify|verify} messages.
                 * @param message PolicyEntry message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.PolicyEntry.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PolicyEntry message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PolicyEntry & kaji.agent.v1.PolicyEntry.$Shape} PolicyEntry
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.PolicyEntry & kaji.agent.v1.PolicyEntry.$Shape;
            }

            namespace PolicyEntry {

                /** Properties of a PolicyEntry. */
                interface $Properties {

                    /** PolicyEntry namespace */
                    namespace?: string;

                    /** PolicyEntry name */
                    name?: string;

                    /** PolicyEntry pods */
                    pods?: (kaji.agent.v1.PolicyPod.$Properties[]|null);

                    /** PolicyEntry restrictsIngress */
                    restrictsIngress?: boolean;

                    /** PolicyEntry restrictsEgress */
                    restrictsEgress?: boolean;

                    /** PolicyEntry ingress */
                    ingress?: (kaji.agent.v1.PolicyRule.$Properties[]|null);

                    /** PolicyEntry egress */
                    egress?: (kaji.agent.v1.PolicyRule.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PolicyEntry. */
                type $Shape = kaji.agent.v1.PolicyEntry.$Properties;
            }

            /**
             * Properties of a PolicyPod.
             * @deprecated Use kaji.agent.v1.PolicyPod.$Properties instead.
             */
            interface IPolicyPod extends kaji.agent.v1.PolicyPod.$Properties {
            }

            /** Represents a PolicyPod. */
            class PolicyPod {

                /**
                 * Constructs a new PolicyPod.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.PolicyPod.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PolicyPod uid. */
                uid: string;

                /** PolicyPod ports. */
                ports: kaji.agent.v1.NamedPort.$Properties[];

                /**
                 * Creates a new PolicyPod instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PolicyPod instance
                 */
                static create(properties: kaji.agent.v1.PolicyPod.$Shape): kaji.agent.v1.PolicyPod & kaji.agent.v1.PolicyPod.$Shape;
                static create(properties?: kaji.agent.v1.PolicyPod.$Properties): kaji.agent.v1.PolicyPod;

                /**
                 * Encodes the specified PolicyPod message. Does not implicitly {@link kaji.agent.v1.PolicyPod.verify|verify} messages.
                 * @param message PolicyPod message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.PolicyPod.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PolicyPod message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PolicyPod & kaji.agent.v1.PolicyPod.$Shape} PolicyPod
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.PolicyPod & kaji.agent.v1.PolicyPod.$Shape;
            }

            namespace PolicyPod {

                /** Properties of a PolicyPod. */
                interface $Properties {

                    /** PolicyPod uid */
                    uid?: string;

                    /** PolicyPod ports */
                    ports?: (kaji.agent.v1.NamedPort.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PolicyPod. */
                type $Shape = kaji.agent.v1.PolicyPod.$Properties;
            }

            /**
             * Properties of a NamedPort.
             * @deprecated Use kaji.agent.v1.NamedPort.$Properties instead.
             */
            interface INamedPort extends kaji.agent.v1.NamedPort.$Properties {
            }

            /** Represents a NamedPort. */
            class NamedPort {

                /**
                 * Constructs a new NamedPort.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.NamedPort.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** NamedPort name. */
                name: string;

                /** NamedPort protocol. */
                protocol: string;

                /** NamedPort port. */
                port: number;

                /**
                 * Creates a new NamedPort instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns NamedPort instance
                 */
                static create(properties: kaji.agent.v1.NamedPort.$Shape): kaji.agent.v1.NamedPort & kaji.agent.v1.NamedPort.$Shape;
                static create(properties?: kaji.agent.v1.NamedPort.$Properties): kaji.agent.v1.NamedPort;

                /**
                 * Encodes the specified NamedPort message. Does not implicitly {@link kaji.agent.v1.NamedPort.verify|verify} messages.
                 * @param message NamedPort message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.NamedPort.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a NamedPort message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.NamedPort & kaji.agent.v1.NamedPort.$Shape} NamedPort
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.NamedPort & kaji.agent.v1.NamedPort.$Shape;
            }

            namespace NamedPort {

                /** Properties of a NamedPort. */
                interface $Properties {

                    /** NamedPort name */
                    name?: string;

                    /** NamedPort protocol */
                    protocol?: string;

                    /** NamedPort port */
                    port?: number;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a NamedPort. */
                type $Shape = kaji.agent.v1.NamedPort.$Properties;
            }

            /**
             * Properties of a PolicyRule.
             * @deprecated Use kaji.agent.v1.PolicyRule.$Properties instead.
             */
            interface IPolicyRule extends kaji.agent.v1.PolicyRule.$Properties {
            }

            /** Represents a PolicyRule. */
            class PolicyRule {

                /**
                 * Constructs a new PolicyRule.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.PolicyRule.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PolicyRule anyPeer. */
                anyPeer: boolean;

                /** PolicyRule peerGroups. */
                peerGroups: string[];

                /** PolicyRule blocks. */
                blocks: kaji.agent.v1.PolicyBlock.$Properties[];

                /** PolicyRule anyPort. */
                anyPort: boolean;

                /** PolicyRule ports. */
                ports: kaji.agent.v1.PolicyPorts.$Properties[];

                /** PolicyRule names. */
                names: kaji.agent.v1.NamedPort.$Properties[];

                /** PolicyRule destinationGroups. */
                destinationGroups: string[];

                /**
                 * Creates a new PolicyRule instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PolicyRule instance
                 */
                static create(properties: kaji.agent.v1.PolicyRule.$Shape): kaji.agent.v1.PolicyRule & kaji.agent.v1.PolicyRule.$Shape;
                static create(properties?: kaji.agent.v1.PolicyRule.$Properties): kaji.agent.v1.PolicyRule;

                /**
                 * Encodes the specified PolicyRule message. Does not implicitly {@link kaji.agent.v1.PolicyRule.verify|verify} messages.
                 * @param message PolicyRule message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.PolicyRule.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PolicyRule message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PolicyRule & kaji.agent.v1.PolicyRule.$Shape} PolicyRule
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.PolicyRule & kaji.agent.v1.PolicyRule.$Shape;
            }

            namespace PolicyRule {

                /** Properties of a PolicyRule. */
                interface $Properties {

                    /** PolicyRule anyPeer */
                    anyPeer?: boolean;

                    /** PolicyRule peerGroups */
                    peerGroups?: string[];

                    /** PolicyRule blocks */
                    blocks?: (kaji.agent.v1.PolicyBlock.$Properties[]|null);

                    /** PolicyRule anyPort */
                    anyPort?: boolean;

                    /** PolicyRule ports */
                    ports?: (kaji.agent.v1.PolicyPorts.$Properties[]|null);

                    /** PolicyRule names */
                    names?: (kaji.agent.v1.NamedPort.$Properties[]|null);

                    /** PolicyRule destinationGroups */
                    destinationGroups?: string[];

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PolicyRule. */
                type $Shape = kaji.agent.v1.PolicyRule.$Properties;
            }

            /**
             * Properties of a PolicyBlock.
             * @deprecated Use kaji.agent.v1.PolicyBlock.$Properties instead.
             */
            interface IPolicyBlock extends kaji.agent.v1.PolicyBlock.$Properties {
            }

            /** Represents a PolicyBlock. */
            class PolicyBlock {

                /**
                 * Constructs a new PolicyBlock.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.PolicyBlock.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PolicyBlock cidr. */
                cidr: string;

                /** PolicyBlock except. */
                except: string[];

                /**
                 * Creates a new PolicyBlock instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PolicyBlock instance
                 */
                static create(properties: kaji.agent.v1.PolicyBlock.$Shape): kaji.agent.v1.PolicyBlock & kaji.agent.v1.PolicyBlock.$Shape;
                static create(properties?: kaji.agent.v1.PolicyBlock.$Properties): kaji.agent.v1.PolicyBlock;

                /**
                 * Encodes the specified PolicyBlock message. Does not implicitly {@link kaji.agent.v1.PolicyBlock.verify|verify} messages.
                 * @param message PolicyBlock message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.PolicyBlock.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PolicyBlock message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PolicyBlock & kaji.agent.v1.PolicyBlock.$Shape} PolicyBlock
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.PolicyBlock & kaji.agent.v1.PolicyBlock.$Shape;
            }

            namespace PolicyBlock {

                /** Properties of a PolicyBlock. */
                interface $Properties {

                    /** PolicyBlock cidr */
                    cidr?: string;

                    /** PolicyBlock except */
                    except?: string[];

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PolicyBlock. */
                type $Shape = kaji.agent.v1.PolicyBlock.$Properties;
            }

            /**
             * Properties of a PolicyPorts.
             * @deprecated Use kaji.agent.v1.PolicyPorts.$Properties instead.
             */
            interface IPolicyPorts extends kaji.agent.v1.PolicyPorts.$Properties {
            }

            /** Represents a PolicyPorts. */
            class PolicyPorts {

                /**
                 * Constructs a new PolicyPorts.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.PolicyPorts.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PolicyPorts protocol. */
                protocol: string;

                /** PolicyPorts first. */
                first: number;

                /** PolicyPorts last. */
                last: number;

                /**
                 * Creates a new PolicyPorts instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PolicyPorts instance
                 */
                static create(properties: kaji.agent.v1.PolicyPorts.$Shape): kaji.agent.v1.PolicyPorts & kaji.agent.v1.PolicyPorts.$Shape;
                static create(properties?: kaji.agent.v1.PolicyPorts.$Properties): kaji.agent.v1.PolicyPorts;

                /**
                 * Encodes the specified PolicyPorts message. Does not implicitly {@link kaji.agent.v1.PolicyPorts.verify|verify} messages.
                 * @param message PolicyPorts message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.PolicyPorts.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PolicyPorts message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PolicyPorts & kaji.agent.v1.PolicyPorts.$Shape} PolicyPorts
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.PolicyPorts & kaji.agent.v1.PolicyPorts.$Shape;
            }

            namespace PolicyPorts {

                /** Properties of a PolicyPorts. */
                interface $Properties {

                    /** PolicyPorts protocol */
                    protocol?: string;

                    /** PolicyPorts first */
                    first?: number;

                    /** PolicyPorts last */
                    last?: number;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PolicyPorts. */
                type $Shape = kaji.agent.v1.PolicyPorts.$Properties;
            }

            /**
             * Properties of a PolicyGroup.
             * @deprecated Use kaji.agent.v1.PolicyGroup.$Properties instead.
             */
            interface IPolicyGroup extends kaji.agent.v1.PolicyGroup.$Properties {
            }

            /** Represents a PolicyGroup. */
            class PolicyGroup {

                /**
                 * Constructs a new PolicyGroup.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.agent.v1.PolicyGroup.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PolicyGroup id. */
                id: string;

                /** PolicyGroup isFull. */
                isFull: boolean;

                /** PolicyGroup hasPorts. */
                hasPorts: boolean;

                /** PolicyGroup members. */
                members: string[];

                /** PolicyGroup removed. */
                removed: string[];

                /** PolicyGroup isGone. */
                isGone: boolean;

                /**
                 * Creates a new PolicyGroup instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PolicyGroup instance
                 */
                static create(properties: kaji.agent.v1.PolicyGroup.$Shape): kaji.agent.v1.PolicyGroup & kaji.agent.v1.PolicyGroup.$Shape;
                static create(properties?: kaji.agent.v1.PolicyGroup.$Properties): kaji.agent.v1.PolicyGroup;

                /**
                 * Encodes the specified PolicyGroup message. Does not implicitly {@link kaji.agent.v1.PolicyGroup.verify|verify} messages.
                 * @param message PolicyGroup message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.agent.v1.PolicyGroup.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PolicyGroup message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PolicyGroup & kaji.agent.v1.PolicyGroup.$Shape} PolicyGroup
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.agent.v1.PolicyGroup & kaji.agent.v1.PolicyGroup.$Shape;
            }

            namespace PolicyGroup {

                /** Properties of a PolicyGroup. */
                interface $Properties {

                    /** PolicyGroup id */
                    id?: string;

                    /** PolicyGroup isFull */
                    isFull?: boolean;

                    /** PolicyGroup hasPorts */
                    hasPorts?: boolean;

                    /** PolicyGroup members */
                    members?: string[];

                    /** PolicyGroup removed */
                    removed?: string[];

                    /** PolicyGroup isGone */
                    isGone?: boolean;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PolicyGroup. */
                type $Shape = kaji.agent.v1.PolicyGroup.$Properties;
            }
        }
    }
}
