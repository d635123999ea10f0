/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["kaji-agent"] || ($protobuf.roots["kaji-agent"] = {});

export const kaji = $root.kaji = (() => {

    /**
     * Namespace kaji.
     * @exports kaji
     * @namespace
     */
    const kaji = {};

    kaji.agent = (function() {

        /**
         * Namespace agent.
         * @memberof kaji
         * @namespace
         */
        const agent = {};

        agent.v1 = (function() {

            /**
             * Namespace v1.
             * @memberof kaji.agent
             * @namespace
             */
            const v1 = {};

            v1.AgentMessage = (function() {

                /**
                 * Properties of an AgentMessage.
                 * @typedef {Object} kaji.agent.v1.AgentMessage.$Properties
                 * @property {kaji.agent.v1.Hello.$Properties|null} [hello] AgentMessage hello
                 * @property {kaji.agent.v1.Heartbeat.$Properties|null} [heartbeat] AgentMessage heartbeat
                 * @property {kaji.agent.v1.NodeReport.$Properties|null} [node] AgentMessage node
                 * @property {kaji.agent.v1.PodReport.$Properties|null} [pod] AgentMessage pod
                 * @property {kaji.agent.v1.PodGone.$Properties|null} [podGone] AgentMessage podGone
                 * @property {kaji.agent.v1.EventReport.$Properties|null} [event] AgentMessage event
                 * @property {kaji.agent.v1.StreamRefused.$Properties|null} [streamRefused] AgentMessage streamRefused
                 * @property {kaji.agent.v1.StatsReport.$Properties|null} [stats] AgentMessage stats
                 * @property {kaji.agent.v1.CertificateRequest.$Properties|null} [certificateRequest] AgentMessage certificateRequest
                 * @property {kaji.agent.v1.VolumeRemoved.$Properties|null} [volumeRemoved] AgentMessage volumeRemoved
                 * @property {"hello"|"heartbeat"|"node"|"pod"|"podGone"|"event"|"streamRefused"|"stats"|"certificateRequest"|"volumeRemoved"} [message] AgentMessage message
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of an AgentMessage.
                 * @memberof kaji.agent.v1
                 * @interface IAgentMessage
                 * @augments kaji.agent.v1.AgentMessage.$Properties
                 * @deprecated Use kaji.agent.v1.AgentMessage.$Properties instead.
                 */

                /**
                 * Narrowed shape of an AgentMessage.
                 * @typedef {{
                 *   hello?: kaji.agent.v1.Hello.$Shape|null;
                 *   heartbeat?: kaji.agent.v1.Heartbeat.$Shape|null;
                 *   node?: kaji.agent.v1.NodeReport.$Shape|null;
                 *   pod?: kaji.agent.v1.PodReport.$Shape|null;
                 *   podGone?: kaji.agent.v1.PodGone.$Shape|null;
                 *   event?: kaji.agent.v1.EventReport.$Shape|null;
                 *   streamRefused?: kaji.agent.v1.StreamRefused.$Shape|null;
                 *   stats?: kaji.agent.v1.StatsReport.$Shape|null;
                 *   certificateRequest?: kaji.agent.v1.CertificateRequest.$Shape|null;
                 *   volumeRemoved?: kaji.agent.v1.VolumeRemoved.$Shape|null;
                 *   $unknowns?: Array.<Uint8Array>;
                 * } & (
                 *   ({ message?: undefined; hello?: null; heartbeat?: null; node?: null; pod?: null; podGone?: null; event?: null; streamRefused?: null; stats?: null; certificateRequest?: null; volumeRemoved?: null }|{ message?: "hello"; hello: kaji.agent.v1.Hello.$Shape; heartbeat?: null; node?: null; pod?: null; podGone?: null; event?: null; streamRefused?: null; stats?: null; certificateRequest?: null; volumeRemoved?: null }|{ message?: "heartbeat"; hello?: null; heartbeat: kaji.agent.v1.Heartbeat.$Shape; node?: null; pod?: null; podGone?: null; event?: null; streamRefused?: null; stats?: null; certificateRequest?: null; volumeRemoved?: null }|{ message?: "node"; hello?: null; heartbeat?: null; node: kaji.agent.v1.NodeReport.$Shape; pod?: null; podGone?: null; event?: null; streamRefused?: null; stats?: null; certificateRequest?: null; volumeRemoved?: null }|{ message?: "pod"; hello?: null; heartbeat?: null; node?: null; pod: kaji.agent.v1.PodReport.$Shape; podGone?: null; event?: null; streamRefused?: null; stats?: null; certificateRequest?: null; volumeRemoved?: null }|{ message?: "podGone"; hello?: null; heartbeat?: null; node?: null; pod?: null; podGone: kaji.agent.v1.PodGone.$Shape; event?: null; streamRefused?: null; stats?: null; certificateRequest?: null; volumeRemoved?: null }|{ message?: "event"; hello?: null; heartbeat?: null; node?: null; pod?: null; podGone?: null; event: kaji.agent.v1.EventReport.$Shape; streamRefused?: null; stats?: null; certificateRequest?: null; volumeRemoved?: null }|{ message?: "streamRefused"; hello?: null; heartbeat?: null; node?: null; pod?: null; podGone?: null; event?: null; streamRefused: kaji.agent.v1.StreamRefused.$Shape; stats?: null; certificateRequest?: null; volumeRemoved?: null }|{ message?: "stats"; hello?: null; heartbeat?: null; node?: null; pod?: null; podGone?: null; event?: null; streamRefused?: null; stats: kaji.agent.v1.StatsReport.$Shape; certificateRequest?: null; volumeRemoved?: null }|{ message?: "certificateRequest"; hello?: null; heartbeat?: null; node?: null; pod?: null; podGone?: null; event?: null; streamRefused?: null; stats?: null; certificateRequest: kaji.agent.v1.CertificateRequest.$Shape; volumeRemoved?: null }|{ message?: "volumeRemoved"; hello?: null; heartbeat?: null; node?: null; pod?: null; podGone?: null; event?: null; streamRefused?: null; stats?: null; certificateRequest?: null; volumeRemoved: kaji.agent.v1.VolumeRemoved.$Shape })
                 * )} kaji.agent.v1.AgentMessage.$Shape
                 */

                /**
                 * Constructs a new AgentMessage.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents an AgentMessage.
                 * @constructor
                 * @param {kaji.agent.v1.AgentMessage.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const AgentMessage = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * AgentMessage hello.
                 * @member {kaji.agent.v1.Hello.$Properties|null|undefined} hello
                 * @memberof kaji.agent.v1.AgentMessage
                 * @instance
                 */
                AgentMessage.prototype.hello = null;

                /**
                 * AgentMessage heartbeat.
                 * @member {kaji.agent.v1.Heartbeat.$Properties|null|undefined} heartbeat
                 * @memberof kaji.agent.v1.AgentMessage
                 * @instance
                 */
                AgentMessage.prototype.heartbeat = null;

                /**
                 * AgentMessage node.
                 * @member {kaji.agent.v1.NodeReport.$Properties|null|undefined} node
                 * @memberof kaji.agent.v1.AgentMessage
                 * @instance
                 */
                AgentMessage.prototype.node = null;

                /**
                 * AgentMessage pod.
                 * @member {kaji.agent.v1.PodReport.$Properties|null|undefined} pod
                 * @memberof kaji.agent.v1.AgentMessage
                 * @instance
                 */
                AgentMessage.prototype.pod = null;

                /**
                 * AgentMessage podGone.
                 * @member {kaji.agent.v1.PodGone.$Properties|null|undefined} podGone
                 * @memberof kaji.agent.v1.AgentMessage
                 * @instance
                 */
                AgentMessage.prototype.podGone = null;

                /**
                 * AgentMessage event.
                 * @member {kaji.agent.v1.EventReport.$Properties|null|undefined} event
                 * @memberof kaji.agent.v1.AgentMessage
                 * @instance
                 */
                AgentMessage.prototype.event = null;

                /**
                 * AgentMessage streamRefused.
                 * @member {kaji.agent.v1.StreamRefused.$Properties|null|undefined} streamRefused
                 * @memberof kaji.agent.v1.AgentMessage
                 * @instance
                 */
                AgentMessage.prototype.streamRefused = null;

                /**
                 * AgentMessage stats.
                 * @member {kaji.agent.v1.StatsReport.$Properties|null|undefined} stats
                 * @memberof kaji.agent.v1.AgentMessage
                 * @instance
                 */
                AgentMessage.prototype.stats = null;

                /**
                 * AgentMessage certificateRequest.
                 * @member {kaji.agent.v1.CertificateRequest.$Properties|null|undefined} certificateRequest
                 * @memberof kaji.agent.v1.AgentMessage
                 * @instance
                 */
                AgentMessage.prototype.certificateRequest = null;

                /**
                 * AgentMessage volumeRemoved.
                 * @member {kaji.agent.v1.VolumeRemoved.$Properties|null|undefined} volumeRemoved
                 * @memberof kaji.agent.v1.AgentMessage
                 * @instance
                 */
                AgentMessage.prototype.volumeRemoved = null;

                // OneOf field names bound to virtual getters and setters
                let $oneOfFields;

                /**
                 * AgentMessage message.
                 * @member {"hello"|"heartbeat"|"node"|"pod"|"podGone"|"event"|"streamRefused"|"stats"|"certificateRequest"|"volumeRemoved"|undefined} message
                 * @memberof kaji.agent.v1.AgentMessage
                 * @instance
                 */
                $Object.defineProperty(AgentMessage.prototype, "message", {
                    get: $util.oneOfGetter($oneOfFields = ["hello", "heartbeat", "node", "pod", "podGone", "event", "streamRefused", "stats", "certificateRequest", "volumeRemoved"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                /**
                 * Creates a new AgentMessage instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.AgentMessage
                 * @static
                 * @param {kaji.agent.v1.AgentMessage.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.AgentMessage} AgentMessage instance
                 * @type {{
                 *   (properties: kaji.agent.v1.AgentMessage.$Shape): kaji.agent.v1.AgentMessage & kaji.agent.v1.AgentMessage.$Shape;
                 *   (properties?: kaji.agent.v1.AgentMessage.$Properties): kaji.agent.v1.AgentMessage;
                 * }}
                 */
                AgentMessage.create = function(properties) {
                    return new AgentMessage(properties);
                };

                /**
                 * Encodes the specified AgentMessage message. Does not implicitly {@link kaji.agent.v1.AgentMessage.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.AgentMessage
                 * @static
                 * @param {kaji.agent.v1.AgentMessage.$Properties} message AgentMessage message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                AgentMessage.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.hello != null && $Object.hasOwnProperty.call(message, "hello"))
                        $root.kaji.agent.v1.Hello.encode(message.hello, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                    if (message.heartbeat != null && $Object.hasOwnProperty.call(message, "heartbeat"))
                        $root.kaji.agent.v1.Heartbeat.encode(message.heartbeat, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                    if (message.node != null && $Object.hasOwnProperty.call(message, "node"))
                        $root.kaji.agent.v1.NodeReport.encode(message.node, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                    if (message.pod != null && $Object.hasOwnProperty.call(message, "pod"))
                        $root.kaji.agent.v1.PodReport.encode(message.pod, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                    if (message.podGone != null && $Object.hasOwnProperty.call(message, "podGone"))
                        $root.kaji.agent.v1.PodGone.encode(message.podGone, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                    if (message.event != null && $Object.hasOwnProperty.call(message, "event"))
                        $root.kaji.agent.v1.EventReport.encode(message.event, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                    if (message.streamRefused != null && $Object.hasOwnProperty.call(message, "streamRefused"))
                        $root.kaji.agent.v1.StreamRefused.encode(message.streamRefused, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                    if (message.stats != null && $Object.hasOwnProperty.call(message, "stats"))
                        $root.kaji.agent.v1.StatsReport.encode(message.stats, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                    if (message.certificateRequest != null && $Object.hasOwnProperty.call(message, "certificateRequest"))
                        $root.kaji.agent.v1.CertificateRequest.encode(message.certificateRequest, writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
                    if (message.volumeRemoved != null && $Object.hasOwnProperty.call(message, "volumeRemoved"))
                        $root.kaji.agent.v1.VolumeRemoved.encode(message.volumeRemoved, writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes an AgentMessage message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.AgentMessage
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.AgentMessage & kaji.agent.v1.AgentMessage.$Shape} AgentMessage
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                AgentMessage.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.AgentMessage();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                message.hello = $root.kaji.agent.v1.Hello.decode(reader, reader.size(), $undefined, _depth + 1, message.hello);
                                message.message = "hello";
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                message.heartbeat = $root.kaji.agent.v1.Heartbeat.decode(reader, reader.size(), $undefined, _depth + 1, message.heartbeat);
                                message.message = "heartbeat";
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                message.node = $root.kaji.agent.v1.NodeReport.decode(reader, reader.size(), $undefined, _depth + 1, message.node);
                                message.message = "node";
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    break;
                                message.pod = $root.kaji.agent.v1.PodReport.decode(reader, reader.size(), $undefined, _depth + 1, message.pod);
                                message.message = "pod";
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    break;
                                message.podGone = $root.kaji.agent.v1.PodGone.decode(reader, reader.size(), $undefined, _depth + 1, message.podGone);
                                message.message = "podGone";
                                continue;
                            }
                        case 6: {
                                if (wireType !== 2)
                                    break;
                                message.event = $root.kaji.agent.v1.EventReport.decode(reader, reader.size(), $undefined, _depth + 1, message.event);
                                message.message = "event";
                                continue;
                            }
                        case 7: {
                                if (wireType !== 2)
                                    break;
                                message.streamRefused = $root.kaji.agent.v1.StreamRefused.decode(reader, reader.size(), $undefined, _depth + 1, message.streamRefused);
                                message.message = "streamRefused";
                                continue;
                            }
                        case 8: {
                                if (wireType !== 2)
                                    break;
                                message.stats = $root.kaji.agent.v1.StatsReport.decode(reader, reader.size(), $undefined, _depth + 1, message.stats);
                                message.message = "stats";
                                continue;
                            }
                        case 9: {
                                if (wireType !== 2)
                                    break;
                                message.certificateRequest = $root.kaji.agent.v1.CertificateRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.certificateRequest);
                                message.message = "certificateRequest";
                                continue;
                            }
                        case 10: {
                                if (wireType !== 2)
                                    break;
                                message.volumeRemoved = $root.kaji.agent.v1.VolumeRemoved.decode(reader, reader.size(), $undefined, _depth + 1, message.volumeRemoved);
                                message.message = "volumeRemoved";
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return AgentMessage;
            })();

            v1.ServerMessage = (function() {

                /**
                 * Properties of a ServerMessage.
                 * @typedef {Object} kaji.agent.v1.ServerMessage.$Properties
                 * @property {kaji.agent.v1.Welcome.$Properties|null} [welcome] ServerMessage welcome
                 * @property {kaji.agent.v1.Desired.$Properties|null} [desired] ServerMessage desired
                 * @property {kaji.agent.v1.ServiceTable.$Properties|null} [services] ServerMessage services
                 * @property {kaji.agent.v1.OpenStream.$Properties|null} [openStream] ServerMessage openStream
                 * @property {kaji.agent.v1.Certificate.$Properties|null} [certificate] ServerMessage certificate
                 * @property {kaji.agent.v1.StatsWanted.$Properties|null} [statsWanted] ServerMessage statsWanted
                 * @property {kaji.agent.v1.PeerTable.$Properties|null} [peers] ServerMessage peers
                 * @property {kaji.agent.v1.ServerList.$Properties|null} [servers] ServerMessage servers
                 * @property {kaji.agent.v1.PolicyTable.$Properties|null} [policies] ServerMessage policies
                 * @property {kaji.agent.v1.PolicyGroup.$Properties|null} [policyGroup] ServerMessage policyGroup
                 * @property {"welcome"|"desired"|"services"|"openStream"|"certificate"|"statsWanted"|"peers"|"servers"|"policies"|"policyGroup"} [message] ServerMessage message
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a ServerMessage.
                 * @memberof kaji.agent.v1
                 * @interface IServerMessage
                 * @augments kaji.agent.v1.ServerMessage.$Properties
                 * @deprecated Use kaji.agent.v1.ServerMessage.$Properties instead.
                 */

                /**
                 * Narrowed shape of a ServerMessage.
                 * @typedef {{
                 *   welcome?: kaji.agent.v1.Welcome.$Shape|null;
                 *   desired?: kaji.agent.v1.Desired.$Shape|null;
                 *   services?: kaji.agent.v1.ServiceTable.$Shape|null;
                 *   openStream?: kaji.agent.v1.OpenStream.$Shape|null;
                 *   certificate?: kaji.agent.v1.Certificate.$Shape|null;
                 *   statsWanted?: kaji.agent.v1.StatsWanted.$Shape|null;
                 *   peers?: kaji.agent.v1.PeerTable.$Shape|null;
                 *   servers?: kaji.agent.v1.ServerList.$Shape|null;
                 *   policies?: kaji.agent.v1.PolicyTable.$Shape|null;
                 *   policyGroup?: kaji.agent.v1.PolicyGroup.$Shape|null;
                 *   $unknowns?: Array.<Uint8Array>;
                 * } & (
                 *   ({ message?: undefined; welcome?: null; desired?: null; services?: null; openStream?: null; certificate?: null; statsWanted?: null; peers?: null; servers?: null; policies?: null; policyGroup?: null }|{ message?: "welcome"; welcome: kaji.agent.v1.Welcome.$Shape; desired?: null; services?: null; openStream?: null; certificate?: null; statsWanted?: null; peers?: null; servers?: null; policies?: null; policyGroup?: null }|{ message?: "desired"; welcome?: null; desired: kaji.agent.v1.Desired.$Shape; services?: null; openStream?: null; certificate?: null; statsWanted?: null; peers?: null; servers?: null; policies?: null; policyGroup?: null }|{ message?: "services"; welcome?: null; desired?: null; services: kaji.agent.v1.ServiceTable.$Shape; openStream?: null; certificate?: null; statsWanted?: null; peers?: null; servers?: null; policies?: null; policyGroup?: null }|{ message?: "openStream"; welcome?: null; desired?: null; services?: null; openStream: kaji.agent.v1.OpenStream.$Shape; certificate?: null; statsWanted?: null; peers?: null; servers?: null; policies?: null; policyGroup?: null }|{ message?: "certificate"; welcome?: null; desired?: null; services?: null; openStream?: null; certificate: kaji.agent.v1.Certificate.$Shape; statsWanted?: null; peers?: null; servers?: null; policies?: null; policyGroup?: null }|{ message?: "statsWanted"; welcome?: null; desired?: null; services?: null; openStream?: null; certificate?: null; statsWanted: kaji.agent.v1.StatsWanted.$Shape; peers?: null; servers?: null; policies?: null; policyGroup?: null }|{ message?: "peers"; welcome?: null; desired?: null; services?: null; openStream?: null; certificate?: null; statsWanted?: null; peers: kaji.agent.v1.PeerTable.$Shape; servers?: null; policies?: null; policyGroup?: null }|{ message?: "servers"; welcome?: null; desired?: null; services?: null; openStream?: null; certificate?: null; statsWanted?: null; peers?: null; servers: kaji.agent.v1.ServerList.$Shape; policies?: null; policyGroup?: null }|{ message?: "policies"; welcome?: null; desired?: null; services?: null; openStream?: null; certificate?: null; statsWanted?: null; peers?: null; servers?: null; policies: kaji.agent.v1.PolicyTable.$Shape; policyGroup?: null }|{ message?: "policyGroup"; welcome?: null; desired?: null; services?: null; openStream?: null; certificate?: null; statsWanted?: null; peers?: null; servers?: null; policies?: null; policyGroup: kaji.agent.v1.PolicyGroup.$Shape })
                 * )} kaji.agent.v1.ServerMessage.$Shape
                 */

                /**
                 * Constructs a new ServerMessage.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a ServerMessage.
                 * @constructor
                 * @param {kaji.agent.v1.ServerMessage.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const ServerMessage = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * ServerMessage welcome.
                 * @member {kaji.agent.v1.Welcome.$Properties|null|undefined} welcome
                 * @memberof kaji.agent.v1.ServerMessage
                 * @instance
                 */
                ServerMessage.prototype.welcome = null;

                /**
                 * ServerMessage desired.
                 * @member {kaji.agent.v1.Desired.$Properties|null|undefined} desired
                 * @memberof kaji.agent.v1.ServerMessage
                 * @instance
                 */
                ServerMessage.prototype.desired = null;

                /**
                 * ServerMessage services.
                 * @member {kaji.agent.v1.ServiceTable.$Properties|null|undefined} services
                 * @memberof kaji.agent.v1.ServerMessage
                 * @instance
                 */
                ServerMessage.prototype.services = null;

                /**
                 * ServerMessage openStream.
                 * @member {kaji.agent.v1.OpenStream.$Properties|null|undefined} openStream
                 * @memberof kaji.agent.v1.ServerMessage
                 * @instance
                 */
                ServerMessage.prototype.openStream = null;

                /**
                 * ServerMessage certificate.
                 * @member {kaji.agent.v1.Certificate.$Properties|null|undefined} certificate
                 * @memberof kaji.agent.v1.ServerMessage
                 * @instance
                 */
                ServerMessage.prototype.certificate = null;

                /**
                 * ServerMessage statsWanted.
                 * @member {kaji.agent.v1.StatsWanted.$Properties|null|undefined} statsWanted
                 * @memberof kaji.agent.v1.ServerMessage
                 * @instance
                 */
                ServerMessage.prototype.statsWanted = null;

                /**
                 * ServerMessage peers.
                 * @member {kaji.agent.v1.PeerTable.$Properties|null|undefined} peers
                 * @memberof kaji.agent.v1.ServerMessage
                 * @instance
                 */
                ServerMessage.prototype.peers = null;

                /**
                 * ServerMessage servers.
                 * @member {kaji.agent.v1.ServerList.$Properties|null|undefined} servers
                 * @memberof kaji.agent.v1.ServerMessage
                 * @instance
                 */
                ServerMessage.prototype.servers = null;

                /**
                 * ServerMessage policies.
                 * @member {kaji.agent.v1.PolicyTable.$Properties|null|undefined} policies
                 * @memberof kaji.agent.v1.ServerMessage
                 * @instance
                 */
                ServerMessage.prototype.policies = null;

                /**
                 * ServerMessage policyGroup.
                 * @member {kaji.agent.v1.PolicyGroup.$Properties|null|undefined} policyGroup
                 * @memberof kaji.agent.v1.ServerMessage
                 * @instance
                 */
                ServerMessage.prototype.policyGroup = null;

                // OneOf field names bound to virtual getters and setters
                let $oneOfFields;

                /**
                 * ServerMessage message.
                 * @member {"welcome"|"desired"|"services"|"openStream"|"certificate"|"statsWanted"|"peers"|"servers"|"policies"|"policyGroup"|undefined} message
                 * @memberof kaji.agent.v1.ServerMessage
                 * @instance
                 */
                $Object.defineProperty(ServerMessage.prototype, "message", {
                    get: $util.oneOfGetter($oneOfFields = ["welcome", "desired", "services", "openStream", "certificate", "statsWanted", "peers", "servers", "policies", "policyGroup"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                /**
                 * Creates a new ServerMessage instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.ServerMessage
                 * @static
                 * @param {kaji.agent.v1.ServerMessage.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.ServerMessage} ServerMessage instance
                 * @type {{
                 *   (properties: kaji.agent.v1.ServerMessage.$Shape): kaji.agent.v1.ServerMessage & kaji.agent.v1.ServerMessage.$Shape;
                 *   (properties?: kaji.agent.v1.ServerMessage.$Properties): kaji.agent.v1.ServerMessage;
                 * }}
                 */
                ServerMessage.create = function(properties) {
                    return new ServerMessage(properties);
                };

                /**
                 * Encodes the specified ServerMessage message. Does not implicitly {@link kaji.agent.v1.ServerMessage.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.ServerMessage
                 * @static
                 * @param {kaji.agent.v1.ServerMessage.$Properties} message ServerMessage message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                ServerMessage.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.welcome != null && $Object.hasOwnProperty.call(message, "welcome"))
                        $root.kaji.agent.v1.Welcome.encode(message.welcome, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                    if (message.desired != null && $Object.hasOwnProperty.call(message, "desired"))
                        $root.kaji.agent.v1.Desired.encode(message.desired, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                    if (message.services != null && $Object.hasOwnProperty.call(message, "services"))
                        $root.kaji.agent.v1.ServiceTable.encode(message.services, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                    if (message.openStream != null && $Object.hasOwnProperty.call(message, "openStream"))
                        $root.kaji.agent.v1.OpenStream.encode(message.openStream, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                    if (message.certificate != null && $Object.hasOwnProperty.call(message, "certificate"))
                        $root.kaji.agent.v1.Certificate.encode(message.certificate, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                    if (message.statsWanted != null && $Object.hasOwnProperty.call(message, "statsWanted"))
                        $root.kaji.agent.v1.StatsWanted.encode(message.statsWanted, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                    if (message.peers != null && $Object.hasOwnProperty.call(message, "peers"))
                        $root.kaji.agent.v1.PeerTable.encode(message.peers, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                    if (message.servers != null && $Object.hasOwnProperty.call(message, "servers"))
                        $root.kaji.agent.v1.ServerList.encode(message.servers, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                    if (message.policies != null && $Object.hasOwnProperty.call(message, "policies"))
                        $root.kaji.agent.v1.PolicyTable.encode(message.policies, writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
                    if (message.policyGroup != null && $Object.hasOwnProperty.call(message, "policyGroup"))
                        $root.kaji.agent.v1.PolicyGroup.encode(message.policyGroup, writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a ServerMessage message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.ServerMessage
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ServerMessage & kaji.agent.v1.ServerMessage.$Shape} ServerMessage
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                ServerMessage.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.ServerMessage();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                message.welcome = $root.kaji.agent.v1.Welcome.decode(reader, reader.size(), $undefined, _depth + 1, message.welcome);
                                message.message = "welcome";
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                message.desired = $root.kaji.agent.v1.Desired.decode(reader, reader.size(), $undefined, _depth + 1, message.desired);
                                message.message = "desired";
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                message.services = $root.kaji.agent.v1.ServiceTable.decode(reader, reader.size(), $undefined, _depth + 1, message.services);
                                message.message = "services";
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    break;
                                message.openStream = $root.kaji.agent.v1.OpenStream.decode(reader, reader.size(), $undefined, _depth + 1, message.openStream);
                                message.message = "openStream";
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    break;
                                message.certificate = $root.kaji.agent.v1.Certificate.decode(reader, reader.size(), $undefined, _depth + 1, message.certificate);
                                message.message = "certificate";
                                continue;
                            }
                        case 6: {
                                if (wireType !== 2)
                                    break;
                                message.statsWanted = $root.kaji.agent.v1.StatsWanted.decode(reader, reader.size(), $undefined, _depth + 1, message.statsWanted);
                                message.message = "statsWanted";
                                continue;
                            }
                        case 7: {
                                if (wireType !== 2)
                                    break;
                                message.peers = $root.kaji.agent.v1.PeerTable.decode(reader, reader.size(), $undefined, _depth + 1, message.peers);
                                message.message = "peers";
                                continue;
                            }
                        case 8: {
                                if (wireType !== 2)
                                    break;
                                message.servers = $root.kaji.agent.v1.ServerList.decode(reader, reader.size(), $undefined, _depth + 1, message.servers);
                                message.message = "servers";
                                continue;
                            }
                        case 9: {
                                if (wireType !== 2)
                                    break;
                                message.policies = $root.kaji.agent.v1.PolicyTable.decode(reader, reader.size(), $undefined, _depth + 1, message.policies);
                                message.message = "policies";
                                continue;
                            }
                        case 10: {
                                if (wireType !== 2)
                                    break;
                                message.policyGroup = $root.kaji.agent.v1.PolicyGroup.decode(reader, reader.size(), $undefined, _depth + 1, message.policyGroup);
                                message.message = "policyGroup";
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return ServerMessage;
            })();

            v1.Hello = (function() {

                /**
                 * Properties of a Hello.
                 * @typedef {Object} kaji.agent.v1.Hello.$Properties
                 * @property {string|null} [nodeName] Hello nodeName
                 * @property {string|null} [agentVersion] Hello agentVersion
                 * @property {string|null} [bootId] Hello bootId
                 * @property {Uint8Array|null} [nodeJson] Hello nodeJson
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Hello.
                 * @memberof kaji.agent.v1
                 * @interface IHello
                 * @augments kaji.agent.v1.Hello.$Properties
                 * @deprecated Use kaji.agent.v1.Hello.$Properties instead.
                 */

                /**
                 * Shape of a Hello.
                 * @typedef {kaji.agent.v1.Hello.$Properties} kaji.agent.v1.Hello.$Shape
                 */

                /**
                 * Constructs a new Hello.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a Hello.
                 * @constructor
                 * @param {kaji.agent.v1.Hello.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Hello = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Hello nodeName.
                 * @member {string} nodeName
                 * @memberof kaji.agent.v1.Hello
                 * @instance
                 */
                Hello.prototype.nodeName = "";

                /**
                 * Hello agentVersion.
                 * @member {string} agentVersion
                 * @memberof kaji.agent.v1.Hello
                 * @instance
                 */
                Hello.prototype.agentVersion = "";

                /**
                 * Hello bootId.
                 * @member {string} bootId
                 * @memberof kaji.agent.v1.Hello
                 * @instance
                 */
                Hello.prototype.bootId = "";

                /**
                 * Hello nodeJson.
                 * @member {Uint8Array} nodeJson
                 * @memberof kaji.agent.v1.Hello
                 * @instance
                 */
                Hello.prototype.nodeJson = $util.newBuffer([]);

                /**
                 * Creates a new Hello instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.Hello
                 * @static
                 * @param {kaji.agent.v1.Hello.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.Hello} Hello instance
                 * @type {{
                 *   (properties: kaji.agent.v1.Hello.$Shape): kaji.agent.v1.Hello & kaji.agent.v1.Hello.$Shape;
                 *   (properties?: kaji.agent.v1.Hello.$Properties): kaji.agent.v1.Hello;
                 * }}
                 */
                Hello.create = function(properties) {
                    return new Hello(properties);
                };

                /**
                 * Encodes the specified Hello message. Does not implicitly {@link kaji.agent.v1.Hello.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.Hello
                 * @static
                 * @param {kaji.agent.v1.Hello.$Properties} message Hello message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Hello.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.nodeName != null && $Object.hasOwnProperty.call(message, "nodeName") && message.nodeName !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.nodeName);
                    if (message.agentVersion != null && $Object.hasOwnProperty.call(message, "agentVersion") && message.agentVersion !== "")
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.agentVersion);
                    if (message.bootId != null && $Object.hasOwnProperty.call(message, "bootId") && message.bootId !== "")
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.bootId);
                    if (message.nodeJson != null && $Object.hasOwnProperty.call(message, "nodeJson") && message.nodeJson.length)
                        writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.nodeJson);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Hello message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.Hello
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.Hello & kaji.agent.v1.Hello.$Shape} Hello
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Hello.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.Hello();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.nodeName = value;
                                else
                                    delete message.nodeName;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.agentVersion = value;
                                else
                                    delete message.agentVersion;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.bootId = value;
                                else
                                    delete message.bootId;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.nodeJson = value;
                                else
                                    delete message.nodeJson;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Hello;
            })();

            v1.Welcome = (function() {

                /**
                 * Properties of a Welcome.
                 * @typedef {Object} kaji.agent.v1.Welcome.$Properties
                 * @property {string|null} [serverVersion] Welcome serverVersion
                 * @property {string|null} [clusterDomain] Welcome clusterDomain
                 * @property {string|null} [podCidr] Welcome podCidr
                 * @property {string|null} [clusterPodCidr] Welcome clusterPodCidr
                 * @property {string|null} [serviceCidr] Welcome serviceCidr
                 * @property {string|null} [dnsIp] Welcome dnsIp
                 * @property {string|null} [nodeUid] Welcome nodeUid
                 * @property {number|null} [heartbeatIntervalMs] Welcome heartbeatIntervalMs
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Welcome.
                 * @memberof kaji.agent.v1
                 * @interface IWelcome
                 * @augments kaji.agent.v1.Welcome.$Properties
                 * @deprecated Use kaji.agent.v1.Welcome.$Properties instead.
                 */

                /**
                 * Shape of a Welcome.
                 * @typedef {kaji.agent.v1.Welcome.$Properties} kaji.agent.v1.Welcome.$Shape
                 */

                /**
                 * Constructs a new Welcome.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a Welcome.
                 * @constructor
                 * @param {kaji.agent.v1.Welcome.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Welcome = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Welcome serverVersion.
                 * @member {string} serverVersion
                 * @memberof kaji.agent.v1.Welcome
                 * @instance
                 */
                Welcome.prototype.serverVersion = "";

                /**
                 * Welcome clusterDomain.
                 * @member {string} clusterDomain
                 * @memberof kaji.agent.v1.Welcome
                 * @instance
                 */
                Welcome.prototype.clusterDomain = "";

                /**
                 * Welcome podCidr.
                 * @member {string} podCidr
                 * @memberof kaji.agent.v1.Welcome
                 * @instance
                 */
                Welcome.prototype.podCidr = "";

                /**
                 * Welcome clusterPodCidr.
                 * @member {string} clusterPodCidr
                 * @memberof kaji.agent.v1.Welcome
                 * @instance
                 */
                Welcome.prototype.clusterPodCidr = "";

                /**
                 * Welcome serviceCidr.
                 * @member {string} serviceCidr
                 * @memberof kaji.agent.v1.Welcome
                 * @instance
                 */
                Welcome.prototype.serviceCidr = "";

                /**
                 * Welcome dnsIp.
                 * @member {string} dnsIp
                 * @memberof kaji.agent.v1.Welcome
                 * @instance
                 */
                Welcome.prototype.dnsIp = "";

                /**
                 * Welcome nodeUid.
                 * @member {string} nodeUid
                 * @memberof kaji.agent.v1.Welcome
                 * @instance
                 */
                Welcome.prototype.nodeUid = "";

                /**
                 * Welcome heartbeatIntervalMs.
                 * @member {number} heartbeatIntervalMs
                 * @memberof kaji.agent.v1.Welcome
                 * @instance
                 */
                Welcome.prototype.heartbeatIntervalMs = 0;

                /**
                 * Creates a new Welcome instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.Welcome
                 * @static
                 * @param {kaji.agent.v1.Welcome.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.Welcome} Welcome instance
                 * @type {{
                 *   (properties: kaji.agent.v1.Welcome.$Shape): kaji.agent.v1.Welcome & kaji.agent.v1.Welcome.$Shape;
                 *   (properties?: kaji.agent.v1.Welcome.$Properties): kaji.agent.v1.Welcome;
                 * }}
                 */
                Welcome.create = function(properties) {
                    return new Welcome(properties);
                };

                /**
                 * Encodes the specified Welcome message. Does not implicitly {@link kaji.agent.v1.Welcome.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.Welcome
                 * @static
                 * @param {kaji.agent.v1.Welcome.$Properties} message Welcome message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Welcome.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.serverVersion != null && $Object.hasOwnProperty.call(message, "serverVersion") && message.serverVersion !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.serverVersion);
                    if (message.clusterDomain != null && $Object.hasOwnProperty.call(message, "clusterDomain") && message.clusterDomain !== "")
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.clusterDomain);
                    if (message.podCidr != null && $Object.hasOwnProperty.call(message, "podCidr") && message.podCidr !== "")
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.podCidr);
                    if (message.clusterPodCidr != null && $Object.hasOwnProperty.call(message, "clusterPodCidr") && message.clusterPodCidr !== "")
                        writer.uint32(/* id 4, wireType 2 =*/34).string(message.clusterPodCidr);
                    if (message.serviceCidr != null && $Object.hasOwnProperty.call(message, "serviceCidr") && message.serviceCidr !== "")
                        writer.uint32(/* id 5, wireType 2 =*/42).string(message.serviceCidr);
                    if (message.dnsIp != null && $Object.hasOwnProperty.call(message, "dnsIp") && message.dnsIp !== "")
                        writer.uint32(/* id 6, wireType 2 =*/50).string(message.dnsIp);
                    if (message.nodeUid != null && $Object.hasOwnProperty.call(message, "nodeUid") && message.nodeUid !== "")
                        writer.uint32(/* id 7, wireType 2 =*/58).string(message.nodeUid);
                    if (message.heartbeatIntervalMs != null && $Object.hasOwnProperty.call(message, "heartbeatIntervalMs") && message.heartbeatIntervalMs !== 0)
                        writer.uint32(/* id 8, wireType 0 =*/64).uint32(message.heartbeatIntervalMs);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Welcome message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.Welcome
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.Welcome & kaji.agent.v1.Welcome.$Shape} Welcome
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Welcome.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.Welcome();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.serverVersion = value;
                                else
                                    delete message.serverVersion;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.clusterDomain = value;
                                else
                                    delete message.clusterDomain;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.podCidr = value;
                                else
                                    delete message.podCidr;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.clusterPodCidr = value;
                                else
                                    delete message.clusterPodCidr;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.serviceCidr = value;
                                else
                                    delete message.serviceCidr;
                                continue;
                            }
                        case 6: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.dnsIp = value;
                                else
                                    delete message.dnsIp;
                                continue;
                            }
                        case 7: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.nodeUid = value;
                                else
                                    delete message.nodeUid;
                                continue;
                            }
                        case 8: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.heartbeatIntervalMs = value;
                                else
                                    delete message.heartbeatIntervalMs;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Welcome;
            })();

            v1.Heartbeat = (function() {

                /**
                 * Properties of a Heartbeat.
                 * @typedef {Object} kaji.agent.v1.Heartbeat.$Properties
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Heartbeat.
                 * @memberof kaji.agent.v1
                 * @interface IHeartbeat
                 * @augments kaji.agent.v1.Heartbeat.$Properties
                 * @deprecated Use kaji.agent.v1.Heartbeat.$Properties instead.
                 */

                /**
                 * Shape of a Heartbeat.
                 * @typedef {kaji.agent.v1.Heartbeat.$Properties} kaji.agent.v1.Heartbeat.$Shape
                 */

                /**
                 * Constructs a new Heartbeat.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a Heartbeat.
                 * @constructor
                 * @param {kaji.agent.v1.Heartbeat.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Heartbeat = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Creates a new Heartbeat instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.Heartbeat
                 * @static
                 * @param {kaji.agent.v1.Heartbeat.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.Heartbeat} Heartbeat instance
                 * @type {{
                 *   (properties: kaji.agent.v1.Heartbeat.$Shape): kaji.agent.v1.Heartbeat & kaji.agent.v1.Heartbeat.$Shape;
                 *   (properties?: kaji.agent.v1.Heartbeat.$Properties): kaji.agent.v1.Heartbeat;
                 * }}
                 */
                Heartbeat.create = function(properties) {
                    return new Heartbeat(properties);
                };

                /**
                 * Encodes the specified Heartbeat message. Does not implicitly {@link kaji.agent.v1.Heartbeat.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.Heartbeat
                 * @static
                 * @param {kaji.agent.v1.Heartbeat.$Properties} message Heartbeat message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Heartbeat.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Heartbeat message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.Heartbeat
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.Heartbeat & kaji.agent.v1.Heartbeat.$Shape} Heartbeat
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Heartbeat.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.Heartbeat();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        reader.skipType(tag & 7, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Heartbeat;
            })();

            v1.NodeReport = (function() {

                /**
                 * Properties of a NodeReport.
                 * @typedef {Object} kaji.agent.v1.NodeReport.$Properties
                 * @property {Uint8Array|null} [statusJson] NodeReport statusJson
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a NodeReport.
                 * @memberof kaji.agent.v1
                 * @interface INodeReport
                 * @augments kaji.agent.v1.NodeReport.$Properties
                 * @deprecated Use kaji.agent.v1.NodeReport.$Properties instead.
                 */

                /**
                 * Shape of a NodeReport.
                 * @typedef {kaji.agent.v1.NodeReport.$Properties} kaji.agent.v1.NodeReport.$Shape
                 */

                /**
                 * Constructs a new NodeReport.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a NodeReport.
                 * @constructor
                 * @param {kaji.agent.v1.NodeReport.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const NodeReport = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * NodeReport statusJson.
                 * @member {Uint8Array} statusJson
                 * @memberof kaji.agent.v1.NodeReport
                 * @instance
                 */
                NodeReport.prototype.statusJson = $util.newBuffer([]);

                /**
                 * Creates a new NodeReport instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.NodeReport
                 * @static
                 * @param {kaji.agent.v1.NodeReport.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.NodeReport} NodeReport instance
                 * @type {{
                 *   (properties: kaji.agent.v1.NodeReport.$Shape): kaji.agent.v1.NodeReport & kaji.agent.v1.NodeReport.$Shape;
                 *   (properties?: kaji.agent.v1.NodeReport.$Properties): kaji.agent.v1.NodeReport;
                 * }}
                 */
                NodeReport.create = function(properties) {
                    return new NodeReport(properties);
                };

                /**
                 * Encodes the specified NodeReport message. Does not implicitly {@link kaji.agent.v1.NodeReport.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.NodeReport
                 * @static
                 * @param {kaji.agent.v1.NodeReport.$Properties} message NodeReport message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                NodeReport.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.statusJson != null && $Object.hasOwnProperty.call(message, "statusJson") && message.statusJson.length)
                        writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.statusJson);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a NodeReport message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.NodeReport
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.NodeReport & kaji.agent.v1.NodeReport.$Shape} NodeReport
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                NodeReport.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.NodeReport();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.statusJson = value;
                                else
                                    delete message.statusJson;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return NodeReport;
            })();

            v1.PodReport = (function() {

                /**
                 * Properties of a PodReport.
                 * @typedef {Object} kaji.agent.v1.PodReport.$Properties
                 * @property {string|null} [namespace] PodReport namespace
                 * @property {string|null} [name] PodReport name
                 * @property {string|null} [uid] PodReport uid
                 * @property {Uint8Array|null} [statusJson] PodReport statusJson
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a PodReport.
                 * @memberof kaji.agent.v1
                 * @interface IPodReport
                 * @augments kaji.agent.v1.PodReport.$Properties
                 * @deprecated Use kaji.agent.v1.PodReport.$Properties instead.
                 */

                /**
                 * Shape of a PodReport.
                 * @typedef {kaji.agent.v1.PodReport.$Properties} kaji.agent.v1.PodReport.$Shape
                 */

                /**
                 * Constructs a new PodReport.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a PodReport.
                 * @constructor
                 * @param {kaji.agent.v1.PodReport.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const PodReport = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * PodReport namespace.
                 * @member {string} namespace
                 * @memberof kaji.agent.v1.PodReport
                 * @instance
                 */
                PodReport.prototype.namespace = "";

                /**
                 * PodReport name.
                 * @member {string} name
                 * @memberof kaji.agent.v1.PodReport
                 * @instance
                 */
                PodReport.prototype.name = "";

                /**
                 * PodReport uid.
                 * @member {string} uid
                 * @memberof kaji.agent.v1.PodReport
                 * @instance
                 */
                PodReport.prototype.uid = "";

                /**
                 * PodReport statusJson.
                 * @member {Uint8Array} statusJson
                 * @memberof kaji.agent.v1.PodReport
                 * @instance
                 */
                PodReport.prototype.statusJson = $util.newBuffer([]);

                /**
                 * Creates a new PodReport instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.PodReport
                 * @static
                 * @param {kaji.agent.v1.PodReport.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.PodReport} PodReport instance
                 * @type {{
                 *   (properties: kaji.agent.v1.PodReport.$Shape): kaji.agent.v1.PodReport & kaji.agent.v1.PodReport.$Shape;
                 *   (properties?: kaji.agent.v1.PodReport.$Properties): kaji.agent.v1.PodReport;
                 * }}
                 */
                PodReport.create = function(properties) {
                    return new PodReport(properties);
                };

                /**
                 * Encodes the specified PodReport message. Does not implicitly {@link kaji.agent.v1.PodReport.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.PodReport
                 * @static
                 * @param {kaji.agent.v1.PodReport.$Properties} message PodReport message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                PodReport.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.namespace);
                    if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.name);
                    if (message.uid != null && $Object.hasOwnProperty.call(message, "uid") && message.uid !== "")
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.uid);
                    if (message.statusJson != null && $Object.hasOwnProperty.call(message, "statusJson") && message.statusJson.length)
                        writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.statusJson);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a PodReport message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.PodReport
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PodReport & kaji.agent.v1.PodReport.$Shape} PodReport
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                PodReport.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.PodReport();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.namespace = value;
                                else
                                    delete message.namespace;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.name = value;
                                else
                                    delete message.name;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.uid = value;
                                else
                                    delete message.uid;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.statusJson = value;
                                else
                                    delete message.statusJson;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return PodReport;
            })();

            v1.PodGone = (function() {

                /**
                 * Properties of a PodGone.
                 * @typedef {Object} kaji.agent.v1.PodGone.$Properties
                 * @property {string|null} [namespace] PodGone namespace
                 * @property {string|null} [name] PodGone name
                 * @property {string|null} [uid] PodGone uid
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a PodGone.
                 * @memberof kaji.agent.v1
                 * @interface IPodGone
                 * @augments kaji.agent.v1.PodGone.$Properties
                 * @deprecated Use kaji.agent.v1.PodGone.$Properties instead.
                 */

                /**
                 * Shape of a PodGone.
                 * @typedef {kaji.agent.v1.PodGone.$Properties} kaji.agent.v1.PodGone.$Shape
                 */

                /**
                 * Constructs a new PodGone.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a PodGone.
                 * @constructor
                 * @param {kaji.agent.v1.PodGone.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const PodGone = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * PodGone namespace.
                 * @member {string} namespace
                 * @memberof kaji.agent.v1.PodGone
                 * @instance
                 */
                PodGone.prototype.namespace = "";

                /**
                 * PodGone name.
                 * @member {string} name
                 * @memberof kaji.agent.v1.PodGone
                 * @instance
                 */
                PodGone.prototype.name = "";

                /**
                 * PodGone uid.
                 * @member {string} uid
                 * @memberof kaji.agent.v1.PodGone
                 * @instance
                 */
                PodGone.prototype.uid = "";

                /**
                 * Creates a new PodGone instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.PodGone
                 * @static
                 * @param {kaji.agent.v1.PodGone.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.PodGone} PodGone instance
                 * @type {{
                 *   (properties: kaji.agent.v1.PodGone.$Shape): kaji.agent.v1.PodGone & kaji.agent.v1.PodGone.$Shape;
                 *   (properties?: kaji.agent.v1.PodGone.$Properties): kaji.agent.v1.PodGone;
                 * }}
                 */
                PodGone.create = function(properties) {
                    return new PodGone(properties);
                };

                /**
                 * Encodes the specified PodGone message. Does not implicitly {@link kaji.agent.v1.PodGone.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.PodGone
                 * @static
                 * @param {kaji.agent.v1.PodGone.$Properties} message PodGone message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                PodGone.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.namespace);
                    if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.name);
                    if (message.uid != null && $Object.hasOwnProperty.call(message, "uid") && message.uid !== "")
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.uid);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a PodGone message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.PodGone
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PodGone & kaji.agent.v1.PodGone.$Shape} PodGone
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                PodGone.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.PodGone();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.namespace = value;
                                else
                                    delete message.namespace;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.name = value;
                                else
                                    delete message.name;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.uid = value;
                                else
                                    delete message.uid;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return PodGone;
            })();

            v1.VolumeRemoved = (function() {

                /**
                 * Properties of a VolumeRemoved.
                 * @typedef {Object} kaji.agent.v1.VolumeRemoved.$Properties
                 * @property {string|null} [name] VolumeRemoved name
                 * @property {string|null} [uid] VolumeRemoved uid
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a VolumeRemoved.
                 * @memberof kaji.agent.v1
                 * @interface IVolumeRemoved
                 * @augments kaji.agent.v1.VolumeRemoved.$Properties
                 * @deprecated Use kaji.agent.v1.VolumeRemoved.$Properties instead.
                 */

                /**
                 * Shape of a VolumeRemoved.
                 * @typedef {kaji.agent.v1.VolumeRemoved.$Properties} kaji.agent.v1.VolumeRemoved.$Shape
                 */

                /**
                 * Constructs a new VolumeRemoved.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a VolumeRemoved.
                 * @constructor
                 * @param {kaji.agent.v1.VolumeRemoved.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const VolumeRemoved = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * VolumeRemoved name.
                 * @member {string} name
                 * @memberof kaji.agent.v1.VolumeRemoved
                 * @instance
                 */
                VolumeRemoved.prototype.name = "";

                /**
                 * VolumeRemoved uid.
                 * @member {string} uid
                 * @memberof kaji.agent.v1.VolumeRemoved
                 * @instance
                 */
                VolumeRemoved.prototype.uid = "";

                /**
                 * Creates a new VolumeRemoved instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.VolumeRemoved
                 * @static
                 * @param {kaji.agent.v1.VolumeRemoved.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.VolumeRemoved} VolumeRemoved instance
                 * @type {{
                 *   (properties: kaji.agent.v1.VolumeRemoved.$Shape): kaji.agent.v1.VolumeRemoved & kaji.agent.v1.VolumeRemoved.$Shape;
                 *   (properties?: kaji.agent.v1.VolumeRemoved.$Properties): kaji.agent.v1.VolumeRemoved;
                 * }}
                 */
                VolumeRemoved.create = function(properties) {
                    return new VolumeRemoved(properties);
                };

                /**
                 * Encodes the specified VolumeRemoved message. Does not implicitly {@link kaji.agent.v1.VolumeRemoved.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.VolumeRemoved
                 * @static
                 * @param {kaji.agent.v1.VolumeRemoved.$Properties} message VolumeRemoved message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                VolumeRemoved.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
                    if (message.uid != null && $Object.hasOwnProperty.call(message, "uid") && message.uid !== "")
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.uid);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a VolumeRemoved message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.VolumeRemoved
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.VolumeRemoved & kaji.agent.v1.VolumeRemoved.$Shape} VolumeRemoved
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                VolumeRemoved.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.VolumeRemoved();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.name = value;
                                else
                                    delete message.name;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.uid = value;
                                else
                                    delete message.uid;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return VolumeRemoved;
            })();

            v1.EventReport = (function() {

                /**
                 * Properties of an EventReport.
                 * @typedef {Object} kaji.agent.v1.EventReport.$Properties
                 * @property {Uint8Array|null} [eventJson] EventReport eventJson
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of an EventReport.
                 * @memberof kaji.agent.v1
                 * @interface IEventReport
                 * @augments kaji.agent.v1.EventReport.$Properties
                 * @deprecated Use kaji.agent.v1.EventReport.$Properties instead.
                 */

                /**
                 * Shape of an EventReport.
                 * @typedef {kaji.agent.v1.EventReport.$Properties} kaji.agent.v1.EventReport.$Shape
                 */

                /**
                 * Constructs a new EventReport.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents an EventReport.
                 * @constructor
                 * @param {kaji.agent.v1.EventReport.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const EventReport = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * EventReport eventJson.
                 * @member {Uint8Array} eventJson
                 * @memberof kaji.agent.v1.EventReport
                 * @instance
                 */
                EventReport.prototype.eventJson = $util.newBuffer([]);

                /**
                 * Creates a new EventReport instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.EventReport
                 * @static
                 * @param {kaji.agent.v1.EventReport.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.EventReport} EventReport instance
                 * @type {{
                 *   (properties: kaji.agent.v1.EventReport.$Shape): kaji.agent.v1.EventReport & kaji.agent.v1.EventReport.$Shape;
                 *   (properties?: kaji.agent.v1.EventReport.$Properties): kaji.agent.v1.EventReport;
                 * }}
                 */
                EventReport.create = function(properties) {
                    return new EventReport(properties);
                };

                /**
                 * Encodes the specified EventReport message. Does not implicitly {@link kaji.agent.v1.EventReport.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.EventReport
                 * @static
                 * @param {kaji.agent.v1.EventReport.$Properties} message EventReport message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                EventReport.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.eventJson != null && $Object.hasOwnProperty.call(message, "eventJson") && message.eventJson.length)
                        writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.eventJson);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes an EventReport message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.EventReport
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.EventReport & kaji.agent.v1.EventReport.$Shape} EventReport
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                EventReport.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.EventReport();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.eventJson = value;
                                else
                                    delete message.eventJson;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return EventReport;
            })();

            v1.StreamRefused = (function() {

                /**
                 * Properties of a StreamRefused.
                 * @typedef {Object} kaji.agent.v1.StreamRefused.$Properties
                 * @property {string|null} [streamId] StreamRefused streamId
                 * @property {string|null} [message] StreamRefused message
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a StreamRefused.
                 * @memberof kaji.agent.v1
                 * @interface IStreamRefused
                 * @augments kaji.agent.v1.StreamRefused.$Properties
                 * @deprecated Use kaji.agent.v1.StreamRefused.$Properties instead.
                 */

                /**
                 * Shape of a StreamRefused.
                 * @typedef {kaji.agent.v1.StreamRefused.$Properties} kaji.agent.v1.StreamRefused.$Shape
                 */

                /**
                 * Constructs a new StreamRefused.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a StreamRefused.
                 * @constructor
                 * @param {kaji.agent.v1.StreamRefused.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const StreamRefused = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * StreamRefused streamId.
                 * @member {string} streamId
                 * @memberof kaji.agent.v1.StreamRefused
                 * @instance
                 */
                StreamRefused.prototype.streamId = "";

                /**
                 * StreamRefused message.
                 * @member {string} message
                 * @memberof kaji.agent.v1.StreamRefused
                 * @instance
                 */
                StreamRefused.prototype.message = "";

                /**
                 * Creates a new StreamRefused instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.StreamRefused
                 * @static
                 * @param {kaji.agent.v1.StreamRefused.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.StreamRefused} StreamRefused instance
                 * @type {{
                 *   (properties: kaji.agent.v1.StreamRefused.$Shape): kaji.agent.v1.StreamRefused & kaji.agent.v1.StreamRefused.$Shape;
                 *   (properties?: kaji.agent.v1.StreamRefused.$Properties): kaji.agent.v1.StreamRefused;
                 * }}
                 */
                StreamRefused.create = function(properties) {
                    return new StreamRefused(properties);
                };

                /**
                 * Encodes the specified StreamRefused message. Does not implicitly {@link kaji.agent.v1.StreamRefused.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.StreamRefused
                 * @static
                 * @param {kaji.agent.v1.StreamRefused.$Properties} message StreamRefused message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                StreamRefused.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.streamId != null && $Object.hasOwnProperty.call(message, "streamId") && message.streamId !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.streamId);
                    if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message !== "")
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.message);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a StreamRefused message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.StreamRefused
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.StreamRefused & kaji.agent.v1.StreamRefused.$Shape} StreamRefused
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                StreamRefused.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.StreamRefused();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.streamId = value;
                                else
                                    delete message.streamId;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.message = value;
                                else
                                    delete message.message;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return StreamRefused;
            })();

            v1.StatsWanted = (function() {

                /**
                 * Properties of a StatsWanted.
                 * @typedef {Object} kaji.agent.v1.StatsWanted.$Properties
                 * @property {number|null} [forMs] StatsWanted forMs
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a StatsWanted.
                 * @memberof kaji.agent.v1
                 * @interface IStatsWanted
                 * @augments kaji.agent.v1.StatsWanted.$Properties
                 * @deprecated Use kaji.agent.v1.StatsWanted.$Properties instead.
                 */

                /**
                 * Shape of a StatsWanted.
                 * @typedef {kaji.agent.v1.StatsWanted.$Properties} kaji.agent.v1.StatsWanted.$Shape
                 */

                /**
                 * Constructs a new StatsWanted.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a StatsWanted.
                 * @constructor
                 * @param {kaji.agent.v1.StatsWanted.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const StatsWanted = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * StatsWanted forMs.
                 * @member {number} forMs
                 * @memberof kaji.agent.v1.StatsWanted
                 * @instance
                 */
                StatsWanted.prototype.forMs = 0;

                /**
                 * Creates a new StatsWanted instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.StatsWanted
                 * @static
                 * @param {kaji.agent.v1.StatsWanted.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.StatsWanted} StatsWanted instance
                 * @type {{
                 *   (properties: kaji.agent.v1.StatsWanted.$Shape): kaji.agent.v1.StatsWanted & kaji.agent.v1.StatsWanted.$Shape;
                 *   (properties?: kaji.agent.v1.StatsWanted.$Properties): kaji.agent.v1.StatsWanted;
                 * }}
                 */
                StatsWanted.create = function(properties) {
                    return new StatsWanted(properties);
                };

                /**
                 * Encodes the specified StatsWanted message. Does not implicitly {@link kaji.agent.v1.StatsWanted.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.StatsWanted
                 * @static
                 * @param {kaji.agent.v1.StatsWanted.$Properties} message StatsWanted message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                StatsWanted.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.forMs != null && $Object.hasOwnProperty.call(message, "forMs") && message.forMs !== 0)
                        writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.forMs);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a StatsWanted message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.StatsWanted
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.StatsWanted & kaji.agent.v1.StatsWanted.$Shape} StatsWanted
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                StatsWanted.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.StatsWanted();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.forMs = value;
                                else
                                    delete message.forMs;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return StatsWanted;
            })();

            v1.StatsReport = (function() {

                /**
                 * Properties of a StatsReport.
                 * @typedef {Object} kaji.agent.v1.StatsReport.$Properties
                 * @property {Uint8Array|null} [nodeMetricsJson] StatsReport nodeMetricsJson
                 * @property {Array.<Uint8Array>|null} [podMetricsJson] StatsReport podMetricsJson
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a StatsReport.
                 * @memberof kaji.agent.v1
                 * @interface IStatsReport
                 * @augments kaji.agent.v1.StatsReport.$Properties
                 * @deprecated Use kaji.agent.v1.StatsReport.$Properties instead.
                 */

                /**
                 * Shape of a StatsReport.
                 * @typedef {kaji.agent.v1.StatsReport.$Properties} kaji.agent.v1.StatsReport.$Shape
                 */

                /**
                 * Constructs a new StatsReport.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a StatsReport.
                 * @constructor
                 * @param {kaji.agent.v1.StatsReport.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const StatsReport = function (properties) {
                    this.podMetricsJson = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * StatsReport nodeMetricsJson.
                 * @member {Uint8Array} nodeMetricsJson
                 * @memberof kaji.agent.v1.StatsReport
                 * @instance
                 */
                StatsReport.prototype.nodeMetricsJson = $util.newBuffer([]);

                /**
                 * StatsReport podMetricsJson.
                 * @member {Array.<Uint8Array>} podMetricsJson
                 * @memberof kaji.agent.v1.StatsReport
                 * @instance
                 */
                StatsReport.prototype.podMetricsJson = $util.emptyArray;

                /**
                 * Creates a new StatsReport instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.StatsReport
                 * @static
                 * @param {kaji.agent.v1.StatsReport.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.StatsReport} StatsReport instance
                 * @type {{
                 *   (properties: kaji.agent.v1.StatsReport.$Shape): kaji.agent.v1.StatsReport & kaji.agent.v1.StatsReport.$Shape;
                 *   (properties?: kaji.agent.v1.StatsReport.$Properties): kaji.agent.v1.StatsReport;
                 * }}
                 */
                StatsReport.create = function(properties) {
                    return new StatsReport(properties);
                };

                /**
                 * Encodes the specified StatsReport message. Does not implicitly {@link kaji.agent.v1.StatsReport.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.StatsReport
                 * @static
                 * @param {kaji.agent.v1.StatsReport.$Properties} message StatsReport message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                StatsReport.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.nodeMetricsJson != null && $Object.hasOwnProperty.call(message, "nodeMetricsJson") && message.nodeMetricsJson.length)
                        writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.nodeMetricsJson);
                    if (message.podMetricsJson != null && message.podMetricsJson.length)
                        for (let i = 0; i < message.podMetricsJson.length; ++i)
                            writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.podMetricsJson[i]);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a StatsReport message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.StatsReport
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.StatsReport & kaji.agent.v1.StatsReport.$Shape} StatsReport
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                StatsReport.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.StatsReport();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.nodeMetricsJson = value;
                                else
                                    delete message.nodeMetricsJson;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.podMetricsJson && message.podMetricsJson.length))
                                    message.podMetricsJson = [];
                                message.podMetricsJson.push(reader.bytes());
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return StatsReport;
            })();

            v1.Desired = (function() {

                /**
                 * Properties of a Desired.
                 * @typedef {Object} kaji.agent.v1.Desired.$Properties
                 * @property {boolean|null} [isFull] Desired isFull
                 * @property {number|null} [generation] Desired generation
                 * @property {Array.<kaji.agent.v1.Assignment.$Properties>|null} [pods] Desired pods
                 * @property {Array.<string>|null} [removedPods] Desired removedPods
                 * @property {Array.<kaji.agent.v1.ConfigObject.$Properties>|null} [objects] Desired objects
                 * @property {Array.<string>|null} [removedObjects] Desired removedObjects
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Desired.
                 * @memberof kaji.agent.v1
                 * @interface IDesired
                 * @augments kaji.agent.v1.Desired.$Properties
                 * @deprecated Use kaji.agent.v1.Desired.$Properties instead.
                 */

                /**
                 * Shape of a Desired.
                 * @typedef {kaji.agent.v1.Desired.$Properties} kaji.agent.v1.Desired.$Shape
                 */

                /**
                 * Constructs a new Desired.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a Desired.
                 * @constructor
                 * @param {kaji.agent.v1.Desired.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Desired = function (properties) {
                    this.pods = [];
                    this.removedPods = [];
                    this.objects = [];
                    this.removedObjects = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Desired isFull.
                 * @member {boolean} isFull
                 * @memberof kaji.agent.v1.Desired
                 * @instance
                 */
                Desired.prototype.isFull = false;

                /**
                 * Desired generation.
                 * @member {number} generation
                 * @memberof kaji.agent.v1.Desired
                 * @instance
                 */
                Desired.prototype.generation = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * Desired pods.
                 * @member {Array.<kaji.agent.v1.Assignment.$Properties>} pods
                 * @memberof kaji.agent.v1.Desired
                 * @instance
                 */
                Desired.prototype.pods = $util.emptyArray;

                /**
                 * Desired removedPods.
                 * @member {Array.<string>} removedPods
                 * @memberof kaji.agent.v1.Desired
                 * @instance
                 */
                Desired.prototype.removedPods = $util.emptyArray;

                /**
                 * Desired objects.
                 * @member {Array.<kaji.agent.v1.ConfigObject.$Properties>} objects
                 * @memberof kaji.agent.v1.Desired
                 * @instance
                 */
                Desired.prototype.objects = $util.emptyArray;

                /**
                 * Desired removedObjects.
                 * @member {Array.<string>} removedObjects
                 * @memberof kaji.agent.v1.Desired
                 * @instance
                 */
                Desired.prototype.removedObjects = $util.emptyArray;

                /**
                 * Creates a new Desired instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.Desired
                 * @static
                 * @param {kaji.agent.v1.Desired.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.Desired} Desired instance
                 * @type {{
                 *   (properties: kaji.agent.v1.Desired.$Shape): kaji.agent.v1.Desired & kaji.agent.v1.Desired.$Shape;
                 *   (properties?: kaji.agent.v1.Desired.$Properties): kaji.agent.v1.Desired;
                 * }}
                 */
                Desired.create = function(properties) {
                    return new Desired(properties);
                };

                /**
                 * Encodes the specified Desired message. Does not implicitly {@link kaji.agent.v1.Desired.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.Desired
                 * @static
                 * @param {kaji.agent.v1.Desired.$Properties} message Desired message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Desired.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.isFull != null && $Object.hasOwnProperty.call(message, "isFull") && message.isFull !== false)
                        writer.uint32(/* id 1, wireType 0 =*/8).bool(message.isFull);
                    if (message.generation != null && $Object.hasOwnProperty.call(message, "generation") && (typeof message.generation === "object" ? message.generation.low || message.generation.high : message.generation !== 0))
                        writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.generation);
                    if (message.pods != null && message.pods.length)
                        for (let i = 0; i < message.pods.length; ++i)
                            $root.kaji.agent.v1.Assignment.encode(message.pods[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                    if (message.removedPods != null && message.removedPods.length)
                        for (let i = 0; i < message.removedPods.length; ++i)
                            writer.uint32(/* id 4, wireType 2 =*/34).string(message.removedPods[i]);
                    if (message.objects != null && message.objects.length)
                        for (let i = 0; i < message.objects.length; ++i)
                            $root.kaji.agent.v1.ConfigObject.encode(message.objects[i], writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                    if (message.removedObjects != null && message.removedObjects.length)
                        for (let i = 0; i < message.removedObjects.length; ++i)
                            writer.uint32(/* id 6, wireType 2 =*/50).string(message.removedObjects[i]);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Desired message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.Desired
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.Desired & kaji.agent.v1.Desired.$Shape} Desired
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Desired.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.Desired();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.isFull = value;
                                else
                                    delete message.isFull;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.generation = value;
                                else
                                    delete message.generation;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.pods && message.pods.length))
                                    message.pods = [];
                                message.pods.push($root.kaji.agent.v1.Assignment.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.removedPods && message.removedPods.length))
                                    message.removedPods = [];
                                message.removedPods.push(reader.stringVerify());
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.objects && message.objects.length))
                                    message.objects = [];
                                message.objects.push($root.kaji.agent.v1.ConfigObject.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 6: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.removedObjects && message.removedObjects.length))
                                    message.removedObjects = [];
                                message.removedObjects.push(reader.stringVerify());
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Desired;
            })();

            v1.Assignment = (function() {

                /**
                 * Properties of an Assignment.
                 * @typedef {Object} kaji.agent.v1.Assignment.$Properties
                 * @property {string|null} [uid] Assignment uid
                 * @property {Uint8Array|null} [podJson] Assignment podJson
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of an Assignment.
                 * @memberof kaji.agent.v1
                 * @interface IAssignment
                 * @augments kaji.agent.v1.Assignment.$Properties
                 * @deprecated Use kaji.agent.v1.Assignment.$Properties instead.
                 */

                /**
                 * Shape of an Assignment.
                 * @typedef {kaji.agent.v1.Assignment.$Properties} kaji.agent.v1.Assignment.$Shape
                 */

                /**
                 * Constructs a new Assignment.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents an Assignment.
                 * @constructor
                 * @param {kaji.agent.v1.Assignment.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Assignment = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Assignment uid.
                 * @member {string} uid
                 * @memberof kaji.agent.v1.Assignment
                 * @instance
                 */
                Assignment.prototype.uid = "";

                /**
                 * Assignment podJson.
                 * @member {Uint8Array} podJson
                 * @memberof kaji.agent.v1.Assignment
                 * @instance
                 */
                Assignment.prototype.podJson = $util.newBuffer([]);

                /**
                 * Creates a new Assignment instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.Assignment
                 * @static
                 * @param {kaji.agent.v1.Assignment.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.Assignment} Assignment instance
                 * @type {{
                 *   (properties: kaji.agent.v1.Assignment.$Shape): kaji.agent.v1.Assignment & kaji.agent.v1.Assignment.$Shape;
                 *   (properties?: kaji.agent.v1.Assignment.$Properties): kaji.agent.v1.Assignment;
                 * }}
                 */
                Assignment.create = function(properties) {
                    return new Assignment(properties);
                };

                /**
                 * Encodes the specified Assignment message. Does not implicitly {@link kaji.agent.v1.Assignment.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.Assignment
                 * @static
                 * @param {kaji.agent.v1.Assignment.$Properties} message Assignment message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Assignment.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.uid != null && $Object.hasOwnProperty.call(message, "uid") && message.uid !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.uid);
                    if (message.podJson != null && $Object.hasOwnProperty.call(message, "podJson") && message.podJson.length)
                        writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.podJson);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes an Assignment message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.Assignment
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.Assignment & kaji.agent.v1.Assignment.$Shape} Assignment
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Assignment.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.Assignment();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.uid = value;
                                else
                                    delete message.uid;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.podJson = value;
                                else
                                    delete message.podJson;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Assignment;
            })();

            v1.ConfigObject = (function() {

                /**
                 * Properties of a ConfigObject.
                 * @typedef {Object} kaji.agent.v1.ConfigObject.$Properties
                 * @property {string|null} [kind] ConfigObject kind
                 * @property {string|null} [namespace] ConfigObject namespace
                 * @property {string|null} [name] ConfigObject name
                 * @property {string|null} [resourceVersion] ConfigObject resourceVersion
                 * @property {Uint8Array|null} [json] ConfigObject json
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a ConfigObject.
                 * @memberof kaji.agent.v1
                 * @interface IConfigObject
                 * @augments kaji.agent.v1.ConfigObject.$Properties
                 * @deprecated Use kaji.agent.v1.ConfigObject.$Properties instead.
                 */

                /**
                 * Shape of a ConfigObject.
                 * @typedef {kaji.agent.v1.ConfigObject.$Properties} kaji.agent.v1.ConfigObject.$Shape
                 */

                /**
                 * Constructs a new ConfigObject.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a ConfigObject.
                 * @constructor
                 * @param {kaji.agent.v1.ConfigObject.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const ConfigObject = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * ConfigObject kind.
                 * @member {string} kind
                 * @memberof kaji.agent.v1.ConfigObject
                 * @instance
                 */
                ConfigObject.prototype.kind = "";

                /**
                 * ConfigObject namespace.
                 * @member {string} namespace
                 * @memberof kaji.agent.v1.ConfigObject
                 * @instance
                 */
                ConfigObject.prototype.namespace = "";

                /**
                 * ConfigObject name.
                 * @member {string} name
                 * @memberof kaji.agent.v1.ConfigObject
                 * @instance
                 */
                ConfigObject.prototype.name = "";

                /**
                 * ConfigObject resourceVersion.
                 * @member {string} resourceVersion
                 * @memberof kaji.agent.v1.ConfigObject
                 * @instance
                 */
                ConfigObject.prototype.resourceVersion = "";

                /**
                 * ConfigObject json.
                 * @member {Uint8Array} json
                 * @memberof kaji.agent.v1.ConfigObject
                 * @instance
                 */
                ConfigObject.prototype.json = $util.newBuffer([]);

                /**
                 * Creates a new ConfigObject instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.ConfigObject
                 * @static
                 * @param {kaji.agent.v1.ConfigObject.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.ConfigObject} ConfigObject instance
                 * @type {{
                 *   (properties: kaji.agent.v1.ConfigObject.$Shape): kaji.agent.v1.ConfigObject & kaji.agent.v1.ConfigObject.$Shape;
                 *   (properties?: kaji.agent.v1.ConfigObject.$Properties): kaji.agent.v1.ConfigObject;
                 * }}
                 */
                ConfigObject.create = function(properties) {
                    return new ConfigObject(properties);
                };

                /**
                 * Encodes the specified ConfigObject message. Does not implicitly {@link kaji.agent.v1.ConfigObject.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.ConfigObject
                 * @static
                 * @param {kaji.agent.v1.ConfigObject.$Properties} message ConfigObject message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                ConfigObject.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.kind);
                    if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.namespace);
                    if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.name);
                    if (message.resourceVersion != null && $Object.hasOwnProperty.call(message, "resourceVersion") && message.resourceVersion !== "")
                        writer.uint32(/* id 4, wireType 2 =*/34).string(message.resourceVersion);
                    if (message.json != null && $Object.hasOwnProperty.call(message, "json") && message.json.length)
                        writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.json);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a ConfigObject message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.ConfigObject
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ConfigObject & kaji.agent.v1.ConfigObject.$Shape} ConfigObject
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                ConfigObject.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.ConfigObject();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.kind = value;
                                else
                                    delete message.kind;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.namespace = value;
                                else
                                    delete message.namespace;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.name = value;
                                else
                                    delete message.name;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.resourceVersion = value;
                                else
                                    delete message.resourceVersion;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.json = value;
                                else
                                    delete message.json;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return ConfigObject;
            })();

            v1.ServiceTable = (function() {

                /**
                 * Properties of a ServiceTable.
                 * @typedef {Object} kaji.agent.v1.ServiceTable.$Properties
                 * @property {boolean|null} [isFull] ServiceTable isFull
                 * @property {Array.<kaji.agent.v1.ServiceEntry.$Properties>|null} [services] ServiceTable services
                 * @property {Array.<string>|null} [removed] ServiceTable removed
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a ServiceTable.
                 * @memberof kaji.agent.v1
                 * @interface IServiceTable
                 * @augments kaji.agent.v1.ServiceTable.$Properties
                 * @deprecated Use kaji.agent.v1.ServiceTable.$Properties instead.
                 */

                /**
                 * Shape of a ServiceTable.
                 * @typedef {kaji.agent.v1.ServiceTable.$Properties} kaji.agent.v1.ServiceTable.$Shape
                 */

                /**
                 * Constructs a new ServiceTable.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a ServiceTable.
                 * @constructor
                 * @param {kaji.agent.v1.ServiceTable.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const ServiceTable = function (properties) {
                    this.services = [];
                    this.removed = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * ServiceTable isFull.
                 * @member {boolean} isFull
                 * @memberof kaji.agent.v1.ServiceTable
                 * @instance
                 */
                ServiceTable.prototype.isFull = false;

                /**
                 * ServiceTable services.
                 * @member {Array.<kaji.agent.v1.ServiceEntry.$Properties>} services
                 * @memberof kaji.agent.v1.ServiceTable
                 * @instance
                 */
                ServiceTable.prototype.services = $util.emptyArray;

                /**
                 * ServiceTable removed.
                 * @member {Array.<string>} removed
                 * @memberof kaji.agent.v1.ServiceTable
                 * @instance
                 */
                ServiceTable.prototype.removed = $util.emptyArray;

                /**
                 * Creates a new ServiceTable instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.ServiceTable
                 * @static
                 * @param {kaji.agent.v1.ServiceTable.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.ServiceTable} ServiceTable instance
                 * @type {{
                 *   (properties: kaji.agent.v1.ServiceTable.$Shape): kaji.agent.v1.ServiceTable & kaji.agent.v1.ServiceTable.$Shape;
                 *   (properties?: kaji.agent.v1.ServiceTable.$Properties): kaji.agent.v1.ServiceTable;
                 * }}
                 */
                ServiceTable.create = function(properties) {
                    return new ServiceTable(properties);
                };

                /**
                 * Encodes the specified ServiceTable message. Does not implicitly {@link kaji.agent.v1.ServiceTable.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.ServiceTable
                 * @static
                 * @param {kaji.agent.v1.ServiceTable.$Properties} message ServiceTable message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                ServiceTable.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.isFull != null && $Object.hasOwnProperty.call(message, "isFull") && message.isFull !== false)
                        writer.uint32(/* id 1, wireType 0 =*/8).bool(message.isFull);
                    if (message.services != null && message.services.length)
                        for (let i = 0; i < message.services.length; ++i)
                            $root.kaji.agent.v1.ServiceEntry.encode(message.services[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                    if (message.removed != null && message.removed.length)
                        for (let i = 0; i < message.removed.length; ++i)
                            writer.uint32(/* id 3, wireType 2 =*/26).string(message.removed[i]);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a ServiceTable message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.ServiceTable
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ServiceTable & kaji.agent.v1.ServiceTable.$Shape} ServiceTable
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                ServiceTable.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.ServiceTable();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.isFull = value;
                                else
                                    delete message.isFull;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.services && message.services.length))
                                    message.services = [];
                                message.services.push($root.kaji.agent.v1.ServiceEntry.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.removed && message.removed.length))
                                    message.removed = [];
                                message.removed.push(reader.stringVerify());
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return ServiceTable;
            })();

            v1.ServiceEntry = (function() {

                /**
                 * Properties of a ServiceEntry.
                 * @typedef {Object} kaji.agent.v1.ServiceEntry.$Properties
                 * @property {string|null} [namespace] ServiceEntry namespace
                 * @property {string|null} [name] ServiceEntry name
                 * @property {Uint8Array|null} [serviceJson] ServiceEntry serviceJson
                 * @property {Array.<Uint8Array>|null} [endpointSlicesJson] ServiceEntry endpointSlicesJson
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a ServiceEntry.
                 * @memberof kaji.agent.v1
                 * @interface IServiceEntry
                 * @augments kaji.agent.v1.ServiceEntry.$Properties
                 * @deprecated Use kaji.agent.v1.ServiceEntry.$Properties instead.
                 */

                /**
                 * Shape of a ServiceEntry.
                 * @typedef {kaji.agent.v1.ServiceEntry.$Properties} kaji.agent.v1.ServiceEntry.$Shape
                 */

                /**
                 * Constructs a new ServiceEntry.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a ServiceEntry.
                 * @constructor
                 * @param {kaji.agent.v1.ServiceEntry.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const ServiceEntry = function (properties) {
                    this.endpointSlicesJson = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * ServiceEntry namespace.
                 * @member {string} namespace
                 * @memberof kaji.agent.v1.ServiceEntry
                 * @instance
                 */
                ServiceEntry.prototype.namespace = "";

                /**
                 * ServiceEntry name.
                 * @member {string} name
                 * @memberof kaji.agent.v1.ServiceEntry
                 * @instance
                 */
                ServiceEntry.prototype.name = "";

                /**
                 * ServiceEntry serviceJson.
                 * @member {Uint8Array} serviceJson
                 * @memberof kaji.agent.v1.ServiceEntry
                 * @instance
                 */
                ServiceEntry.prototype.serviceJson = $util.newBuffer([]);

                /**
                 * ServiceEntry endpointSlicesJson.
                 * @member {Array.<Uint8Array>} endpointSlicesJson
                 * @memberof kaji.agent.v1.ServiceEntry
                 * @instance
                 */
                ServiceEntry.prototype.endpointSlicesJson = $util.emptyArray;

                /**
                 * Creates a new ServiceEntry instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.ServiceEntry
                 * @static
                 * @param {kaji.agent.v1.ServiceEntry.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.ServiceEntry} ServiceEntry instance
                 * @type {{
                 *   (properties: kaji.agent.v1.ServiceEntry.$Shape): kaji.agent.v1.ServiceEntry & kaji.agent.v1.ServiceEntry.$Shape;
                 *   (properties?: kaji.agent.v1.ServiceEntry.$Properties): kaji.agent.v1.ServiceEntry;
                 * }}
                 */
                ServiceEntry.create = function(properties) {
                    return new ServiceEntry(properties);
                };

                /**
                 * Encodes the specified ServiceEntry message. Does not implicitly {@link kaji.agent.v1.ServiceEntry.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.ServiceEntry
                 * @static
                 * @param {kaji.agent.v1.ServiceEntry.$Properties} message ServiceEntry message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                ServiceEntry.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.namespace);
                    if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.name);
                    if (message.serviceJson != null && $Object.hasOwnProperty.call(message, "serviceJson") && message.serviceJson.length)
                        writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.serviceJson);
                    if (message.endpointSlicesJson != null && message.endpointSlicesJson.length)
                        for (let i = 0; i < message.endpointSlicesJson.length; ++i)
                            writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.endpointSlicesJson[i]);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a ServiceEntry message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.ServiceEntry
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ServiceEntry & kaji.agent.v1.ServiceEntry.$Shape} ServiceEntry
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                ServiceEntry.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.ServiceEntry();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.namespace = value;
                                else
                                    delete message.namespace;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.name = value;
                                else
                                    delete message.name;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.serviceJson = value;
                                else
                                    delete message.serviceJson;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.endpointSlicesJson && message.endpointSlicesJson.length))
                                    message.endpointSlicesJson = [];
                                message.endpointSlicesJson.push(reader.bytes());
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return ServiceEntry;
            })();

            v1.OpenStream = (function() {

                /**
                 * Properties of an OpenStream.
                 * @typedef {Object} kaji.agent.v1.OpenStream.$Properties
                 * @property {string|null} [streamId] OpenStream streamId
                 * @property {string|null} [podNamespace] OpenStream podNamespace
                 * @property {string|null} [podName] OpenStream podName
                 * @property {string|null} [podUid] OpenStream podUid
                 * @property {string|null} [container] OpenStream container
                 * @property {kaji.agent.v1.ExecRequest.$Properties|null} [exec] OpenStream exec
                 * @property {kaji.agent.v1.AttachRequest.$Properties|null} [attach] OpenStream attach
                 * @property {kaji.agent.v1.PortForwardRequest.$Properties|null} [portForward] OpenStream portForward
                 * @property {kaji.agent.v1.LogRequest.$Properties|null} [logs] OpenStream logs
                 * @property {kaji.agent.v1.ImageRequest.$Properties|null} [image] OpenStream image
                 * @property {kaji.agent.v1.ReadRequest.$Properties|null} [read] OpenStream read
                 * @property {"exec"|"attach"|"portForward"|"logs"|"image"|"read"} [request] OpenStream request
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of an OpenStream.
                 * @memberof kaji.agent.v1
                 * @interface IOpenStream
                 * @augments kaji.agent.v1.OpenStream.$Properties
                 * @deprecated Use kaji.agent.v1.OpenStream.$Properties instead.
                 */

                /**
                 * Narrowed shape of an OpenStream.
                 * @typedef {{
                 *   streamId?: string|null;
                 *   podNamespace?: string|null;
                 *   podName?: string|null;
                 *   podUid?: string|null;
                 *   container?: string|null;
                 *   exec?: kaji.agent.v1.ExecRequest.$Shape|null;
                 *   attach?: kaji.agent.v1.AttachRequest.$Shape|null;
                 *   portForward?: kaji.agent.v1.PortForwardRequest.$Shape|null;
                 *   logs?: kaji.agent.v1.LogRequest.$Shape|null;
                 *   image?: kaji.agent.v1.ImageRequest.$Shape|null;
                 *   read?: kaji.agent.v1.ReadRequest.$Shape|null;
                 *   $unknowns?: Array.<Uint8Array>;
                 * } & (
                 *   ({ request?: undefined; exec?: null; attach?: null; portForward?: null; logs?: null; image?: null; read?: null }|{ request?: "exec"; exec: kaji.agent.v1.ExecRequest.$Shape; attach?: null; portForward?: null; logs?: null; image?: null; read?: null }|{ request?: "attach"; exec?: null; attach: kaji.agent.v1.AttachRequest.$Shape; portForward?: null; logs?: null; image?: null; read?: null }|{ request?: "portForward"; exec?: null; attach?: null; portForward: kaji.agent.v1.PortForwardRequest.$Shape; logs?: null; image?: null; read?: null }|{ request?: "logs"; exec?: null; attach?: null; portForward?: null; logs: kaji.agent.v1.LogRequest.$Shape; image?: null; read?: null }|{ request?: "image"; exec?: null; attach?: null; portForward?: null; logs?: null; image: kaji.agent.v1.ImageRequest.$Shape; read?: null }|{ request?: "read"; exec?: null; attach?: null; portForward?: null; logs?: null; image?: null; read: kaji.agent.v1.ReadRequest.$Shape })
                 * )} kaji.agent.v1.OpenStream.$Shape
                 */

                /**
                 * Constructs a new OpenStream.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents an OpenStream.
                 * @constructor
                 * @param {kaji.agent.v1.OpenStream.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const OpenStream = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * OpenStream streamId.
                 * @member {string} streamId
                 * @memberof kaji.agent.v1.OpenStream
                 * @instance
                 */
                OpenStream.prototype.streamId = "";

                /**
                 * OpenStream podNamespace.
                 * @member {string} podNamespace
                 * @memberof kaji.agent.v1.OpenStream
                 * @instance
                 */
                OpenStream.prototype.podNamespace = "";

                /**
                 * OpenStream podName.
                 * @member {string} podName
                 * @memberof kaji.agent.v1.OpenStream
                 * @instance
                 */
                OpenStream.prototype.podName = "";

                /**
                 * OpenStream podUid.
                 * @member {string} podUid
                 * @memberof kaji.agent.v1.OpenStream
                 * @instance
                 */
                OpenStream.prototype.podUid = "";

                /**
                 * OpenStream container.
                 * @member {string} container
                 * @memberof kaji.agent.v1.OpenStream
                 * @instance
                 */
                OpenStream.prototype.container = "";

                /**
                 * OpenStream exec.
                 * @member {kaji.agent.v1.ExecRequest.$Properties|null|undefined} exec
                 * @memberof kaji.agent.v1.OpenStream
                 * @instance
                 */
                OpenStream.prototype.exec = null;

                /**
                 * OpenStream attach.
                 * @member {kaji.agent.v1.AttachRequest.$Properties|null|undefined} attach
                 * @memberof kaji.agent.v1.OpenStream
                 * @instance
                 */
                OpenStream.prototype.attach = null;

                /**
                 * OpenStream portForward.
                 * @member {kaji.agent.v1.PortForwardRequest.$Properties|null|undefined} portForward
                 * @memberof kaji.agent.v1.OpenStream
                 * @instance
                 */
                OpenStream.prototype.portForward = null;

                /**
                 * OpenStream logs.
                 * @member {kaji.agent.v1.LogRequest.$Properties|null|undefined} logs
                 * @memberof kaji.agent.v1.OpenStream
                 * @instance
                 */
                OpenStream.prototype.logs = null;

                /**
                 * OpenStream image.
                 * @member {kaji.agent.v1.ImageRequest.$Properties|null|undefined} image
                 * @memberof kaji.agent.v1.OpenStream
                 * @instance
                 */
                OpenStream.prototype.image = null;

                /**
                 * OpenStream read.
                 * @member {kaji.agent.v1.ReadRequest.$Properties|null|undefined} read
                 * @memberof kaji.agent.v1.OpenStream
                 * @instance
                 */
                OpenStream.prototype.read = null;

                // OneOf field names bound to virtual getters and setters
                let $oneOfFields;

                /**
                 * OpenStream request.
                 * @member {"exec"|"attach"|"portForward"|"logs"|"image"|"read"|undefined} request
                 * @memberof kaji.agent.v1.OpenStream
                 * @instance
                 */
                $Object.defineProperty(OpenStream.prototype, "request", {
                    get: $util.oneOfGetter($oneOfFields = ["exec", "attach", "portForward", "logs", "image", "read"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                /**
                 * Creates a new OpenStream instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.OpenStream
                 * @static
                 * @param {kaji.agent.v1.OpenStream.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.OpenStream} OpenStream instance
                 * @type {{
                 *   (properties: kaji.agent.v1.OpenStream.$Shape): kaji.agent.v1.OpenStream & kaji.agent.v1.OpenStream.$Shape;
                 *   (properties?: kaji.agent.v1.OpenStream.$Properties): kaji.agent.v1.OpenStream;
                 * }}
                 */
                OpenStream.create = function(properties) {
                    return new OpenStream(properties);
                };

                /**
                 * Encodes the specified OpenStream message. Does not implicitly {@link kaji.agent.v1.OpenStream.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.OpenStream
                 * @static
                 * @param {kaji.agent.v1.OpenStream.$Properties} message OpenStream message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                OpenStream.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.streamId != null && $Object.hasOwnProperty.call(message, "streamId") && message.streamId !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.streamId);
                    if (message.podNamespace != null && $Object.hasOwnProperty.call(message, "podNamespace") && message.podNamespace !== "")
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.podNamespace);
                    if (message.podName != null && $Object.hasOwnProperty.call(message, "podName") && message.podName !== "")
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.podName);
                    if (message.podUid != null && $Object.hasOwnProperty.call(message, "podUid") && message.podUid !== "")
                        writer.uint32(/* id 4, wireType 2 =*/34).string(message.podUid);
                    if (message.container != null && $Object.hasOwnProperty.call(message, "container") && message.container !== "")
                        writer.uint32(/* id 5, wireType 2 =*/42).string(message.container);
                    if (message.exec != null && $Object.hasOwnProperty.call(message, "exec"))
                        $root.kaji.agent.v1.ExecRequest.encode(message.exec, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                    if (message.attach != null && $Object.hasOwnProperty.call(message, "attach"))
                        $root.kaji.agent.v1.AttachRequest.encode(message.attach, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                    if (message.portForward != null && $Object.hasOwnProperty.call(message, "portForward"))
                        $root.kaji.agent.v1.PortForwardRequest.encode(message.portForward, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                    if (message.logs != null && $Object.hasOwnProperty.call(message, "logs"))
                        $root.kaji.agent.v1.LogRequest.encode(message.logs, writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
                    if (message.image != null && $Object.hasOwnProperty.call(message, "image"))
                        $root.kaji.agent.v1.ImageRequest.encode(message.image, writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
                    if (message.read != null && $Object.hasOwnProperty.call(message, "read"))
                        $root.kaji.agent.v1.ReadRequest.encode(message.read, writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes an OpenStream message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.OpenStream
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.OpenStream & kaji.agent.v1.OpenStream.$Shape} OpenStream
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                OpenStream.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.OpenStream();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.streamId = value;
                                else
                                    delete message.streamId;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.podNamespace = value;
                                else
                                    delete message.podNamespace;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.podName = value;
                                else
                                    delete message.podName;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.podUid = value;
                                else
                                    delete message.podUid;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.container = value;
                                else
                                    delete message.container;
                                continue;
                            }
                        case 6: {
                                if (wireType !== 2)
                                    break;
                                message.exec = $root.kaji.agent.v1.ExecRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.exec);
                                message.request = "exec";
                                continue;
                            }
                        case 7: {
                                if (wireType !== 2)
                                    break;
                                message.attach = $root.kaji.agent.v1.AttachRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.attach);
                                message.request = "attach";
                                continue;
                            }
                        case 8: {
                                if (wireType !== 2)
                                    break;
                                message.portForward = $root.kaji.agent.v1.PortForwardRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.portForward);
                                message.request = "portForward";
                                continue;
                            }
                        case 9: {
                                if (wireType !== 2)
                                    break;
                                message.logs = $root.kaji.agent.v1.LogRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.logs);
                                message.request = "logs";
                                continue;
                            }
                        case 10: {
                                if (wireType !== 2)
                                    break;
                                message.image = $root.kaji.agent.v1.ImageRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.image);
                                message.request = "image";
                                continue;
                            }
                        case 11: {
                                if (wireType !== 2)
                                    break;
                                message.read = $root.kaji.agent.v1.ReadRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.read);
                                message.request = "read";
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return OpenStream;
            })();

            v1.ExecRequest = (function() {

                /**
                 * Properties of an ExecRequest.
                 * @typedef {Object} kaji.agent.v1.ExecRequest.$Properties
                 * @property {Array.<string>|null} [command] ExecRequest command
                 * @property {boolean|null} [stdin] ExecRequest stdin
                 * @property {boolean|null} [stdout] ExecRequest stdout
                 * @property {boolean|null} [stderr] ExecRequest stderr
                 * @property {boolean|null} [tty] ExecRequest tty
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of an ExecRequest.
                 * @memberof kaji.agent.v1
                 * @interface IExecRequest
                 * @augments kaji.agent.v1.ExecRequest.$Properties
                 * @deprecated Use kaji.agent.v1.ExecRequest.$Properties instead.
                 */

                /**
                 * Shape of an ExecRequest.
                 * @typedef {kaji.agent.v1.ExecRequest.$Properties} kaji.agent.v1.ExecRequest.$Shape
                 */

                /**
                 * Constructs a new ExecRequest.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents an ExecRequest.
                 * @constructor
                 * @param {kaji.agent.v1.ExecRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const ExecRequest = function (properties) {
                    this.command = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * ExecRequest command.
                 * @member {Array.<string>} command
                 * @memberof kaji.agent.v1.ExecRequest
                 * @instance
                 */
                ExecRequest.prototype.command = $util.emptyArray;

                /**
                 * ExecRequest stdin.
                 * @member {boolean} stdin
                 * @memberof kaji.agent.v1.ExecRequest
                 * @instance
                 */
                ExecRequest.prototype.stdin = false;

                /**
                 * ExecRequest stdout.
                 * @member {boolean} stdout
                 * @memberof kaji.agent.v1.ExecRequest
                 * @instance
                 */
                ExecRequest.prototype.stdout = false;

                /**
                 * ExecRequest stderr.
                 * @member {boolean} stderr
                 * @memberof kaji.agent.v1.ExecRequest
                 * @instance
                 */
                ExecRequest.prototype.stderr = false;

                /**
                 * ExecRequest tty.
                 * @member {boolean} tty
                 * @memberof kaji.agent.v1.ExecRequest
                 * @instance
                 */
                ExecRequest.prototype.tty = false;

                /**
                 * Creates a new ExecRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.ExecRequest
                 * @static
                 * @param {kaji.agent.v1.ExecRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.ExecRequest} ExecRequest instance
                 * @type {{
                 *   (properties: kaji.agent.v1.ExecRequest.$Shape): kaji.agent.v1.ExecRequest & kaji.agent.v1.ExecRequest.$Shape;
                 *   (properties?: kaji.agent.v1.ExecRequest.$Properties): kaji.agent.v1.ExecRequest;
                 * }}
                 */
                ExecRequest.create = function(properties) {
                    return new ExecRequest(properties);
                };

                /**
                 * Encodes the specified ExecRequest message. Does not implicitly {@link kaji.agent.v1.ExecRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.ExecRequest
                 * @static
                 * @param {kaji.agent.v1.ExecRequest.$Properties} message ExecRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                ExecRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.command != null && message.command.length)
                        for (let i = 0; i < message.command.length; ++i)
                            writer.uint32(/* id 1, wireType 2 =*/10).string(message.command[i]);
                    if (message.stdin != null && $Object.hasOwnProperty.call(message, "stdin") && message.stdin !== false)
                        writer.uint32(/* id 2, wireType 0 =*/16).bool(message.stdin);
                    if (message.stdout != null && $Object.hasOwnProperty.call(message, "stdout") && message.stdout !== false)
                        writer.uint32(/* id 3, wireType 0 =*/24).bool(message.stdout);
                    if (message.stderr != null && $Object.hasOwnProperty.call(message, "stderr") && message.stderr !== false)
                        writer.uint32(/* id 4, wireType 0 =*/32).bool(message.stderr);
                    if (message.tty != null && $Object.hasOwnProperty.call(message, "tty") && message.tty !== false)
                        writer.uint32(/* id 5, wireType 0 =*/40).bool(message.tty);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes an ExecRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.ExecRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ExecRequest & kaji.agent.v1.ExecRequest.$Shape} ExecRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                ExecRequest.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.ExecRequest();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.command && message.command.length))
                                    message.command = [];
                                message.command.push(reader.stringVerify());
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.stdin = value;
                                else
                                    delete message.stdin;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.stdout = value;
                                else
                                    delete message.stdout;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.stderr = value;
                                else
                                    delete message.stderr;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.tty = value;
                                else
                                    delete message.tty;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return ExecRequest;
            })();

            v1.AttachRequest = (function() {

                /**
                 * Properties of an AttachRequest.
                 * @typedef {Object} kaji.agent.v1.AttachRequest.$Properties
                 * @property {boolean|null} [stdin] AttachRequest stdin
                 * @property {boolean|null} [stdout] AttachRequest stdout
                 * @property {boolean|null} [stderr] AttachRequest stderr
                 * @property {boolean|null} [tty] AttachRequest tty
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of an AttachRequest.
                 * @memberof kaji.agent.v1
                 * @interface IAttachRequest
                 * @augments kaji.agent.v1.AttachRequest.$Properties
                 * @deprecated Use kaji.agent.v1.AttachRequest.$Properties instead.
                 */

                /**
                 * Shape of an AttachRequest.
                 * @typedef {kaji.agent.v1.AttachRequest.$Properties} kaji.agent.v1.AttachRequest.$Shape
                 */

                /**
                 * Constructs a new AttachRequest.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents an AttachRequest.
                 * @constructor
                 * @param {kaji.agent.v1.AttachRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const AttachRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * AttachRequest stdin.
                 * @member {boolean} stdin
                 * @memberof kaji.agent.v1.AttachRequest
                 * @instance
                 */
                AttachRequest.prototype.stdin = false;

                /**
                 * AttachRequest stdout.
                 * @member {boolean} stdout
                 * @memberof kaji.agent.v1.AttachRequest
                 * @instance
                 */
                AttachRequest.prototype.stdout = false;

                /**
                 * AttachRequest stderr.
                 * @member {boolean} stderr
                 * @memberof kaji.agent.v1.AttachRequest
                 * @instance
                 */
                AttachRequest.prototype.stderr = false;

                /**
                 * AttachRequest tty.
                 * @member {boolean} tty
                 * @memberof kaji.agent.v1.AttachRequest
                 * @instance
                 */
                AttachRequest.prototype.tty = false;

                /**
                 * Creates a new AttachRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.AttachRequest
                 * @static
                 * @param {kaji.agent.v1.AttachRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.AttachRequest} AttachRequest instance
                 * @type {{
                 *   (properties: kaji.agent.v1.AttachRequest.$Shape): kaji.agent.v1.AttachRequest & kaji.agent.v1.AttachRequest.$Shape;
                 *   (properties?: kaji.agent.v1.AttachRequest.$Properties): kaji.agent.v1.AttachRequest;
                 * }}
                 */
                AttachRequest.create = function(properties) {
                    return new AttachRequest(properties);
                };

                /**
                 * Encodes the specified AttachRequest message. Does not implicitly {@link kaji.agent.v1.AttachRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.AttachRequest
                 * @static
                 * @param {kaji.agent.v1.AttachRequest.$Properties} message AttachRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                AttachRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.stdin != null && $Object.hasOwnProperty.call(message, "stdin") && message.stdin !== false)
                        writer.uint32(/* id 1, wireType 0 =*/8).bool(message.stdin);
                    if (message.stdout != null && $Object.hasOwnProperty.call(message, "stdout") && message.stdout !== false)
                        writer.uint32(/* id 2, wireType 0 =*/16).bool(message.stdout);
                    if (message.stderr != null && $Object.hasOwnProperty.call(message, "stderr") && message.stderr !== false)
                        writer.uint32(/* id 3, wireType 0 =*/24).bool(message.stderr);
                    if (message.tty != null && $Object.hasOwnProperty.call(message, "tty") && message.tty !== false)
                        writer.uint32(/* id 4, wireType 0 =*/32).bool(message.tty);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes an AttachRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.AttachRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.AttachRequest & kaji.agent.v1.AttachRequest.$Shape} AttachRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                AttachRequest.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.AttachRequest();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.stdin = value;
                                else
                                    delete message.stdin;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.stdout = value;
                                else
                                    delete message.stdout;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.stderr = value;
                                else
                                    delete message.stderr;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.tty = value;
                                else
                                    delete message.tty;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return AttachRequest;
            })();

            v1.PortForwardRequest = (function() {

                /**
                 * Properties of a PortForwardRequest.
                 * @typedef {Object} kaji.agent.v1.PortForwardRequest.$Properties
                 * @property {number|null} [port] PortForwardRequest port
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a PortForwardRequest.
                 * @memberof kaji.agent.v1
                 * @interface IPortForwardRequest
                 * @augments kaji.agent.v1.PortForwardRequest.$Properties
                 * @deprecated Use kaji.agent.v1.PortForwardRequest.$Properties instead.
                 */

                /**
                 * Shape of a PortForwardRequest.
                 * @typedef {kaji.agent.v1.PortForwardRequest.$Properties} kaji.agent.v1.PortForwardRequest.$Shape
                 */

                /**
                 * Constructs a new PortForwardRequest.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a PortForwardRequest.
                 * @constructor
                 * @param {kaji.agent.v1.PortForwardRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const PortForwardRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * PortForwardRequest port.
                 * @member {number} port
                 * @memberof kaji.agent.v1.PortForwardRequest
                 * @instance
                 */
                PortForwardRequest.prototype.port = 0;

                /**
                 * Creates a new PortForwardRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.PortForwardRequest
                 * @static
                 * @param {kaji.agent.v1.PortForwardRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.PortForwardRequest} PortForwardRequest instance
                 * @type {{
                 *   (properties: kaji.agent.v1.PortForwardRequest.$Shape): kaji.agent.v1.PortForwardRequest & kaji.agent.v1.PortForwardRequest.$Shape;
                 *   (properties?: kaji.agent.v1.PortForwardRequest.$Properties): kaji.agent.v1.PortForwardRequest;
                 * }}
                 */
                PortForwardRequest.create = function(properties) {
                    return new PortForwardRequest(properties);
                };

                /**
                 * Encodes the specified PortForwardRequest message. Does not implicitly {@link kaji.agent.v1.PortForwardRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.PortForwardRequest
                 * @static
                 * @param {kaji.agent.v1.PortForwardRequest.$Properties} message PortForwardRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                PortForwardRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.port != null && $Object.hasOwnProperty.call(message, "port") && message.port !== 0)
                        writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.port);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a PortForwardRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.PortForwardRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PortForwardRequest & kaji.agent.v1.PortForwardRequest.$Shape} PortForwardRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                PortForwardRequest.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.PortForwardRequest();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.port = value;
                                else
                                    delete message.port;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return PortForwardRequest;
            })();

            v1.LogRequest = (function() {

                /**
                 * Properties of a LogRequest.
                 * @typedef {Object} kaji.agent.v1.LogRequest.$Properties
                 * @property {boolean|null} [follow] LogRequest follow
                 * @property {boolean|null} [previous] LogRequest previous
                 * @property {boolean|null} [timestamps] LogRequest timestamps
                 * @property {number|null} [tailLines] LogRequest tailLines
                 * @property {number|null} [limitBytes] LogRequest limitBytes
                 * @property {string|null} [sinceTime] LogRequest sinceTime
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a LogRequest.
                 * @memberof kaji.agent.v1
                 * @interface ILogRequest
                 * @augments kaji.agent.v1.LogRequest.$Properties
                 * @deprecated Use kaji.agent.v1.LogRequest.$Properties instead.
                 */

                /**
                 * Shape of a LogRequest.
                 * @typedef {kaji.agent.v1.LogRequest.$Properties} kaji.agent.v1.LogRequest.$Shape
                 */

                /**
                 * Constructs a new LogRequest.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a LogRequest.
                 * @constructor
                 * @param {kaji.agent.v1.LogRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const LogRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * LogRequest follow.
                 * @member {boolean} follow
                 * @memberof kaji.agent.v1.LogRequest
                 * @instance
                 */
                LogRequest.prototype.follow = false;

                /**
                 * LogRequest previous.
                 * @member {boolean} previous
                 * @memberof kaji.agent.v1.LogRequest
                 * @instance
                 */
                LogRequest.prototype.previous = false;

                /**
                 * LogRequest timestamps.
                 * @member {boolean} timestamps
                 * @memberof kaji.agent.v1.LogRequest
                 * @instance
                 */
                LogRequest.prototype.timestamps = false;

                /**
                 * LogRequest tailLines.
                 * @member {number} tailLines
                 * @memberof kaji.agent.v1.LogRequest
                 * @instance
                 */
                LogRequest.prototype.tailLines = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * LogRequest limitBytes.
                 * @member {number} limitBytes
                 * @memberof kaji.agent.v1.LogRequest
                 * @instance
                 */
                LogRequest.prototype.limitBytes = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * LogRequest sinceTime.
                 * @member {string} sinceTime
                 * @memberof kaji.agent.v1.LogRequest
                 * @instance
                 */
                LogRequest.prototype.sinceTime = "";

                /**
                 * Creates a new LogRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.LogRequest
                 * @static
                 * @param {kaji.agent.v1.LogRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.LogRequest} LogRequest instance
                 * @type {{
                 *   (properties: kaji.agent.v1.LogRequest.$Shape): kaji.agent.v1.LogRequest & kaji.agent.v1.LogRequest.$Shape;
                 *   (properties?: kaji.agent.v1.LogRequest.$Properties): kaji.agent.v1.LogRequest;
                 * }}
                 */
                LogRequest.create = function(properties) {
                    return new LogRequest(properties);
                };

                /**
                 * Encodes the specified LogRequest message. Does not implicitly {@link kaji.agent.v1.LogRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.LogRequest
                 * @static
                 * @param {kaji.agent.v1.LogRequest.$Properties} message LogRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                LogRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.follow != null && $Object.hasOwnProperty.call(message, "follow") && message.follow !== false)
                        writer.uint32(/* id 1, wireType 0 =*/8).bool(message.follow);
                    if (message.previous != null && $Object.hasOwnProperty.call(message, "previous") && message.previous !== false)
                        writer.uint32(/* id 2, wireType 0 =*/16).bool(message.previous);
                    if (message.timestamps != null && $Object.hasOwnProperty.call(message, "timestamps") && message.timestamps !== false)
                        writer.uint32(/* id 3, wireType 0 =*/24).bool(message.timestamps);
                    if (message.tailLines != null && $Object.hasOwnProperty.call(message, "tailLines") && (typeof message.tailLines === "object" ? message.tailLines.low || message.tailLines.high : message.tailLines !== 0))
                        writer.uint32(/* id 4, wireType 0 =*/32).int64(message.tailLines);
                    if (message.limitBytes != null && $Object.hasOwnProperty.call(message, "limitBytes") && (typeof message.limitBytes === "object" ? message.limitBytes.low || message.limitBytes.high : message.limitBytes !== 0))
                        writer.uint32(/* id 5, wireType 0 =*/40).int64(message.limitBytes);
                    if (message.sinceTime != null && $Object.hasOwnProperty.call(message, "sinceTime") && message.sinceTime !== "")
                        writer.uint32(/* id 6, wireType 2 =*/50).string(message.sinceTime);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a LogRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.LogRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.LogRequest & kaji.agent.v1.LogRequest.$Shape} LogRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                LogRequest.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.LogRequest();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.follow = value;
                                else
                                    delete message.follow;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.previous = value;
                                else
                                    delete message.previous;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.timestamps = value;
                                else
                                    delete message.timestamps;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.tailLines = value;
                                else
                                    delete message.tailLines;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.limitBytes = value;
                                else
                                    delete message.limitBytes;
                                continue;
                            }
                        case 6: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.sinceTime = value;
                                else
                                    delete message.sinceTime;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return LogRequest;
            })();

            v1.ImageRequest = (function() {

                /**
                 * Properties of an ImageRequest.
                 * @typedef {Object} kaji.agent.v1.ImageRequest.$Properties
                 * @property {string|null} [reference] ImageRequest reference
                 * @property {string|null} [platform] ImageRequest platform
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of an ImageRequest.
                 * @memberof kaji.agent.v1
                 * @interface IImageRequest
                 * @augments kaji.agent.v1.ImageRequest.$Properties
                 * @deprecated Use kaji.agent.v1.ImageRequest.$Properties instead.
                 */

                /**
                 * Shape of an ImageRequest.
                 * @typedef {kaji.agent.v1.ImageRequest.$Properties} kaji.agent.v1.ImageRequest.$Shape
                 */

                /**
                 * Constructs a new ImageRequest.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents an ImageRequest.
                 * @constructor
                 * @param {kaji.agent.v1.ImageRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const ImageRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * ImageRequest reference.
                 * @member {string} reference
                 * @memberof kaji.agent.v1.ImageRequest
                 * @instance
                 */
                ImageRequest.prototype.reference = "";

                /**
                 * ImageRequest platform.
                 * @member {string} platform
                 * @memberof kaji.agent.v1.ImageRequest
                 * @instance
                 */
                ImageRequest.prototype.platform = "";

                /**
                 * Creates a new ImageRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.ImageRequest
                 * @static
                 * @param {kaji.agent.v1.ImageRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.ImageRequest} ImageRequest instance
                 * @type {{
                 *   (properties: kaji.agent.v1.ImageRequest.$Shape): kaji.agent.v1.ImageRequest & kaji.agent.v1.ImageRequest.$Shape;
                 *   (properties?: kaji.agent.v1.ImageRequest.$Properties): kaji.agent.v1.ImageRequest;
                 * }}
                 */
                ImageRequest.create = function(properties) {
                    return new ImageRequest(properties);
                };

                /**
                 * Encodes the specified ImageRequest message. Does not implicitly {@link kaji.agent.v1.ImageRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.ImageRequest
                 * @static
                 * @param {kaji.agent.v1.ImageRequest.$Properties} message ImageRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                ImageRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.reference != null && $Object.hasOwnProperty.call(message, "reference") && message.reference !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.reference);
                    if (message.platform != null && $Object.hasOwnProperty.call(message, "platform") && message.platform !== "")
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.platform);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes an ImageRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.ImageRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ImageRequest & kaji.agent.v1.ImageRequest.$Shape} ImageRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                ImageRequest.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.ImageRequest();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.reference = value;
                                else
                                    delete message.reference;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.platform = value;
                                else
                                    delete message.platform;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return ImageRequest;
            })();

            v1.ImageChunk = (function() {

                /**
                 * Properties of an ImageChunk.
                 * @typedef {Object} kaji.agent.v1.ImageChunk.$Properties
                 * @property {Uint8Array|null} [bytes] ImageChunk bytes
                 * @property {kaji.agent.v1.ImageOffer.$Properties|null} [offer] ImageChunk offer
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of an ImageChunk.
                 * @memberof kaji.agent.v1
                 * @interface IImageChunk
                 * @augments kaji.agent.v1.ImageChunk.$Properties
                 * @deprecated Use kaji.agent.v1.ImageChunk.$Properties instead.
                 */

                /**
                 * Shape of an ImageChunk.
                 * @typedef {kaji.agent.v1.ImageChunk.$Properties} kaji.agent.v1.ImageChunk.$Shape
                 */

                /**
                 * Constructs a new ImageChunk.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents an ImageChunk.
                 * @constructor
                 * @param {kaji.agent.v1.ImageChunk.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const ImageChunk = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * ImageChunk bytes.
                 * @member {Uint8Array} bytes
                 * @memberof kaji.agent.v1.ImageChunk
                 * @instance
                 */
                ImageChunk.prototype.bytes = $util.newBuffer([]);

                /**
                 * ImageChunk offer.
                 * @member {kaji.agent.v1.ImageOffer.$Properties|null|undefined} offer
                 * @memberof kaji.agent.v1.ImageChunk
                 * @instance
                 */
                ImageChunk.prototype.offer = null;

                /**
                 * Creates a new ImageChunk instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.ImageChunk
                 * @static
                 * @param {kaji.agent.v1.ImageChunk.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.ImageChunk} ImageChunk instance
                 * @type {{
                 *   (properties: kaji.agent.v1.ImageChunk.$Shape): kaji.agent.v1.ImageChunk & kaji.agent.v1.ImageChunk.$Shape;
                 *   (properties?: kaji.agent.v1.ImageChunk.$Properties): kaji.agent.v1.ImageChunk;
                 * }}
                 */
                ImageChunk.create = function(properties) {
                    return new ImageChunk(properties);
                };

                /**
                 * Encodes the specified ImageChunk message. Does not implicitly {@link kaji.agent.v1.ImageChunk.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.ImageChunk
                 * @static
                 * @param {kaji.agent.v1.ImageChunk.$Properties} message ImageChunk message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                ImageChunk.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.bytes != null && $Object.hasOwnProperty.call(message, "bytes") && message.bytes.length)
                        writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.bytes);
                    if (message.offer != null && $Object.hasOwnProperty.call(message, "offer"))
                        $root.kaji.agent.v1.ImageOffer.encode(message.offer, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes an ImageChunk message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.ImageChunk
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ImageChunk & kaji.agent.v1.ImageChunk.$Shape} ImageChunk
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                ImageChunk.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.ImageChunk();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.bytes = value;
                                else
                                    delete message.bytes;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                message.offer = $root.kaji.agent.v1.ImageOffer.decode(reader, reader.size(), $undefined, _depth + 1, message.offer);
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return ImageChunk;
            })();

            v1.ReadRequest = (function() {

                /**
                 * Properties of a ReadRequest.
                 * @typedef {Object} kaji.agent.v1.ReadRequest.$Properties
                 * @property {string|null} [path] ReadRequest path
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a ReadRequest.
                 * @memberof kaji.agent.v1
                 * @interface IReadRequest
                 * @augments kaji.agent.v1.ReadRequest.$Properties
                 * @deprecated Use kaji.agent.v1.ReadRequest.$Properties instead.
                 */

                /**
                 * Shape of a ReadRequest.
                 * @typedef {kaji.agent.v1.ReadRequest.$Properties} kaji.agent.v1.ReadRequest.$Shape
                 */

                /**
                 * Constructs a new ReadRequest.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a ReadRequest.
                 * @constructor
                 * @param {kaji.agent.v1.ReadRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const ReadRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * ReadRequest path.
                 * @member {string} path
                 * @memberof kaji.agent.v1.ReadRequest
                 * @instance
                 */
                ReadRequest.prototype.path = "";

                /**
                 * Creates a new ReadRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.ReadRequest
                 * @static
                 * @param {kaji.agent.v1.ReadRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.ReadRequest} ReadRequest instance
                 * @type {{
                 *   (properties: kaji.agent.v1.ReadRequest.$Shape): kaji.agent.v1.ReadRequest & kaji.agent.v1.ReadRequest.$Shape;
                 *   (properties?: kaji.agent.v1.ReadRequest.$Properties): kaji.agent.v1.ReadRequest;
                 * }}
                 */
                ReadRequest.create = function(properties) {
                    return new ReadRequest(properties);
                };

                /**
                 * Encodes the specified ReadRequest message. Does not implicitly {@link kaji.agent.v1.ReadRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.ReadRequest
                 * @static
                 * @param {kaji.agent.v1.ReadRequest.$Properties} message ReadRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                ReadRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.path != null && $Object.hasOwnProperty.call(message, "path") && message.path !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.path);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a ReadRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.ReadRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ReadRequest & kaji.agent.v1.ReadRequest.$Shape} ReadRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                ReadRequest.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.ReadRequest();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.path = value;
                                else
                                    delete message.path;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return ReadRequest;
            })();

            v1.ImageOffer = (function() {

                /**
                 * Properties of an ImageOffer.
                 * @typedef {Object} kaji.agent.v1.ImageOffer.$Properties
                 * @property {string|null} [nodeName] ImageOffer nodeName
                 * @property {string|null} [digest] ImageOffer digest
                 * @property {number|null} [sizeBytes] ImageOffer sizeBytes
                 * @property {number|null} [namedAtMs] ImageOffer namedAtMs
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of an ImageOffer.
                 * @memberof kaji.agent.v1
                 * @interface IImageOffer
                 * @augments kaji.agent.v1.ImageOffer.$Properties
                 * @deprecated Use kaji.agent.v1.ImageOffer.$Properties instead.
                 */

                /**
                 * Shape of an ImageOffer.
                 * @typedef {kaji.agent.v1.ImageOffer.$Properties} kaji.agent.v1.ImageOffer.$Shape
                 */

                /**
                 * Constructs a new ImageOffer.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents an ImageOffer.
                 * @constructor
                 * @param {kaji.agent.v1.ImageOffer.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const ImageOffer = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * ImageOffer nodeName.
                 * @member {string} nodeName
                 * @memberof kaji.agent.v1.ImageOffer
                 * @instance
                 */
                ImageOffer.prototype.nodeName = "";

                /**
                 * ImageOffer digest.
                 * @member {string} digest
                 * @memberof kaji.agent.v1.ImageOffer
                 * @instance
                 */
                ImageOffer.prototype.digest = "";

                /**
                 * ImageOffer sizeBytes.
                 * @member {number} sizeBytes
                 * @memberof kaji.agent.v1.ImageOffer
                 * @instance
                 */
                ImageOffer.prototype.sizeBytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * ImageOffer namedAtMs.
                 * @member {number} namedAtMs
                 * @memberof kaji.agent.v1.ImageOffer
                 * @instance
                 */
                ImageOffer.prototype.namedAtMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * Creates a new ImageOffer instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.ImageOffer
                 * @static
                 * @param {kaji.agent.v1.ImageOffer.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.ImageOffer} ImageOffer instance
                 * @type {{
                 *   (properties: kaji.agent.v1.ImageOffer.$Shape): kaji.agent.v1.ImageOffer & kaji.agent.v1.ImageOffer.$Shape;
                 *   (properties?: kaji.agent.v1.ImageOffer.$Properties): kaji.agent.v1.ImageOffer;
                 * }}
                 */
                ImageOffer.create = function(properties) {
                    return new ImageOffer(properties);
                };

                /**
                 * Encodes the specified ImageOffer message. Does not implicitly {@link kaji.agent.v1.ImageOffer.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.ImageOffer
                 * @static
                 * @param {kaji.agent.v1.ImageOffer.$Properties} message ImageOffer message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                ImageOffer.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.nodeName != null && $Object.hasOwnProperty.call(message, "nodeName") && message.nodeName !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.nodeName);
                    if (message.digest != null && $Object.hasOwnProperty.call(message, "digest") && message.digest !== "")
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.digest);
                    if (message.sizeBytes != null && $Object.hasOwnProperty.call(message, "sizeBytes") && (typeof message.sizeBytes === "object" ? message.sizeBytes.low || message.sizeBytes.high : message.sizeBytes !== 0))
                        writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.sizeBytes);
                    if (message.namedAtMs != null && $Object.hasOwnProperty.call(message, "namedAtMs") && (typeof message.namedAtMs === "object" ? message.namedAtMs.low || message.namedAtMs.high : message.namedAtMs !== 0))
                        writer.uint32(/* id 4, wireType 0 =*/32).int64(message.namedAtMs);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes an ImageOffer message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.ImageOffer
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ImageOffer & kaji.agent.v1.ImageOffer.$Shape} ImageOffer
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                ImageOffer.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.ImageOffer();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.nodeName = value;
                                else
                                    delete message.nodeName;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.digest = value;
                                else
                                    delete message.digest;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.sizeBytes = value;
                                else
                                    delete message.sizeBytes;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.namedAtMs = value;
                                else
                                    delete message.namedAtMs;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return ImageOffer;
            })();

            v1.StreamFrame = (function() {

                /**
                 * Properties of a StreamFrame.
                 * @typedef {Object} kaji.agent.v1.StreamFrame.$Properties
                 * @property {kaji.agent.v1.Data.$Properties|null} [data] StreamFrame data
                 * @property {kaji.agent.v1.Resize.$Properties|null} [resize] StreamFrame resize
                 * @property {Uint8Array|null} [statusJson] StreamFrame statusJson
                 * @property {number|null} [endOfChannel] StreamFrame endOfChannel
                 * @property {kaji.agent.v1.RelayOpen.$Properties|null} [relayOpen] StreamFrame relayOpen
                 * @property {"data"|"resize"|"statusJson"|"endOfChannel"|"relayOpen"} [frame] StreamFrame frame
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a StreamFrame.
                 * @memberof kaji.agent.v1
                 * @interface IStreamFrame
                 * @augments kaji.agent.v1.StreamFrame.$Properties
                 * @deprecated Use kaji.agent.v1.StreamFrame.$Properties instead.
                 */

                /**
                 * Narrowed shape of a StreamFrame.
                 * @typedef {{
                 *   data?: kaji.agent.v1.Data.$Shape|null;
                 *   resize?: kaji.agent.v1.Resize.$Shape|null;
                 *   statusJson?: Uint8Array|null;
                 *   endOfChannel?: number|null;
                 *   relayOpen?: kaji.agent.v1.RelayOpen.$Shape|null;
                 *   $unknowns?: Array.<Uint8Array>;
                 * } & (
                 *   ({ frame?: undefined; data?: null; resize?: null; statusJson?: null; endOfChannel?: null; relayOpen?: null }|{ frame?: "data"; data: kaji.agent.v1.Data.$Shape; resize?: null; statusJson?: null; endOfChannel?: null; relayOpen?: null }|{ frame?: "resize"; data?: null; resize: kaji.agent.v1.Resize.$Shape; statusJson?: null; endOfChannel?: null; relayOpen?: null }|{ frame?: "statusJson"; data?: null; resize?: null; statusJson: Uint8Array; endOfChannel?: null; relayOpen?: null }|{ frame?: "endOfChannel"; data?: null; resize?: null; statusJson?: null; endOfChannel: number; relayOpen?: null }|{ frame?: "relayOpen"; data?: null; resize?: null; statusJson?: null; endOfChannel?: null; relayOpen: kaji.agent.v1.RelayOpen.$Shape })
                 * )} kaji.agent.v1.StreamFrame.$Shape
                 */

                /**
                 * Constructs a new StreamFrame.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a StreamFrame.
                 * @constructor
                 * @param {kaji.agent.v1.StreamFrame.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const StreamFrame = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * StreamFrame data.
                 * @member {kaji.agent.v1.Data.$Properties|null|undefined} data
                 * @memberof kaji.agent.v1.StreamFrame
                 * @instance
                 */
                StreamFrame.prototype.data = null;

                /**
                 * StreamFrame resize.
                 * @member {kaji.agent.v1.Resize.$Properties|null|undefined} resize
                 * @memberof kaji.agent.v1.StreamFrame
                 * @instance
                 */
                StreamFrame.prototype.resize = null;

                /**
                 * StreamFrame statusJson.
                 * @member {Uint8Array|null|undefined} statusJson
                 * @memberof kaji.agent.v1.StreamFrame
                 * @instance
                 */
                StreamFrame.prototype.statusJson = null;

                /**
                 * StreamFrame endOfChannel.
                 * @member {number|null|undefined} endOfChannel
                 * @memberof kaji.agent.v1.StreamFrame
                 * @instance
                 */
                StreamFrame.prototype.endOfChannel = null;

                /**
                 * StreamFrame relayOpen.
                 * @member {kaji.agent.v1.RelayOpen.$Properties|null|undefined} relayOpen
                 * @memberof kaji.agent.v1.StreamFrame
                 * @instance
                 */
                StreamFrame.prototype.relayOpen = null;

                // OneOf field names bound to virtual getters and setters
                let $oneOfFields;

                /**
                 * StreamFrame frame.
                 * @member {"data"|"resize"|"statusJson"|"endOfChannel"|"relayOpen"|undefined} frame
                 * @memberof kaji.agent.v1.StreamFrame
                 * @instance
                 */
                $Object.defineProperty(StreamFrame.prototype, "frame", {
                    get: $util.oneOfGetter($oneOfFields = ["data", "resize", "statusJson", "endOfChannel", "relayOpen"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                /**
                 * Creates a new StreamFrame instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.StreamFrame
                 * @static
                 * @param {kaji.agent.v1.StreamFrame.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.StreamFrame} StreamFrame instance
                 * @type {{
                 *   (properties: kaji.agent.v1.StreamFrame.$Shape): kaji.agent.v1.StreamFrame & kaji.agent.v1.StreamFrame.$Shape;
                 *   (properties?: kaji.agent.v1.StreamFrame.$Properties): kaji.agent.v1.StreamFrame;
                 * }}
                 */
                StreamFrame.create = function(properties) {
                    return new StreamFrame(properties);
                };

                /**
                 * Encodes the specified StreamFrame message. Does not implicitly {@link kaji.agent.v1.StreamFrame.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.StreamFrame
                 * @static
                 * @param {kaji.agent.v1.StreamFrame.$Properties} message StreamFrame message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                StreamFrame.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.data != null && $Object.hasOwnProperty.call(message, "data"))
                        $root.kaji.agent.v1.Data.encode(message.data, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                    if (message.resize != null && $Object.hasOwnProperty.call(message, "resize"))
                        $root.kaji.agent.v1.Resize.encode(message.resize, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                    if (message.statusJson != null && $Object.hasOwnProperty.call(message, "statusJson"))
                        writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.statusJson);
                    if (message.endOfChannel != null && $Object.hasOwnProperty.call(message, "endOfChannel"))
                        writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.endOfChannel);
                    if (message.relayOpen != null && $Object.hasOwnProperty.call(message, "relayOpen"))
                        $root.kaji.agent.v1.RelayOpen.encode(message.relayOpen, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a StreamFrame message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.StreamFrame
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.StreamFrame & kaji.agent.v1.StreamFrame.$Shape} StreamFrame
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                StreamFrame.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.StreamFrame();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                message.data = $root.kaji.agent.v1.Data.decode(reader, reader.size(), $undefined, _depth + 1, message.data);
                                message.frame = "data";
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                message.resize = $root.kaji.agent.v1.Resize.decode(reader, reader.size(), $undefined, _depth + 1, message.resize);
                                message.frame = "resize";
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                message.statusJson = reader.bytes();
                                message.frame = "statusJson";
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                message.endOfChannel = reader.uint32();
                                message.frame = "endOfChannel";
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    break;
                                message.relayOpen = $root.kaji.agent.v1.RelayOpen.decode(reader, reader.size(), $undefined, _depth + 1, message.relayOpen);
                                message.frame = "relayOpen";
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return StreamFrame;
            })();

            v1.RelayOpen = (function() {

                /**
                 * Properties of a RelayOpen.
                 * @typedef {Object} kaji.agent.v1.RelayOpen.$Properties
                 * @property {string|null} [nodeName] RelayOpen nodeName
                 * @property {kaji.agent.v1.OpenStream.$Properties|null} [open] RelayOpen open
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a RelayOpen.
                 * @memberof kaji.agent.v1
                 * @interface IRelayOpen
                 * @augments kaji.agent.v1.RelayOpen.$Properties
                 * @deprecated Use kaji.agent.v1.RelayOpen.$Properties instead.
                 */

                /**
                 * Shape of a RelayOpen.
                 * @typedef {{
                 *   nodeName?: string|null;
                 *   open?: kaji.agent.v1.OpenStream.$Shape|null;
                 *   $unknowns?: Array.<Uint8Array>;
                 * }} kaji.agent.v1.RelayOpen.$Shape
                 */

                /**
                 * Constructs a new RelayOpen.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a RelayOpen.
                 * @constructor
                 * @param {kaji.agent.v1.RelayOpen.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const RelayOpen = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * RelayOpen nodeName.
                 * @member {string} nodeName
                 * @memberof kaji.agent.v1.RelayOpen
                 * @instance
                 */
                RelayOpen.prototype.nodeName = "";

                /**
                 * RelayOpen open.
                 * @member {kaji.agent.v1.OpenStream.$Properties|null|undefined} open
                 * @memberof kaji.agent.v1.RelayOpen
                 * @instance
                 */
                RelayOpen.prototype.open = null;

                /**
                 * Creates a new RelayOpen instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.RelayOpen
                 * @static
                 * @param {kaji.agent.v1.RelayOpen.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.RelayOpen} RelayOpen instance
                 * @type {{
                 *   (properties: kaji.agent.v1.RelayOpen.$Shape): kaji.agent.v1.RelayOpen & kaji.agent.v1.RelayOpen.$Shape;
                 *   (properties?: kaji.agent.v1.RelayOpen.$Properties): kaji.agent.v1.RelayOpen;
                 * }}
                 */
                RelayOpen.create = function(properties) {
                    return new RelayOpen(properties);
                };

                /**
                 * Encodes the specified RelayOpen message. Does not implicitly {@link kaji.agent.v1.RelayOpen.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.RelayOpen
                 * @static
                 * @param {kaji.agent.v1.RelayOpen.$Properties} message RelayOpen message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                RelayOpen.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.nodeName != null && $Object.hasOwnProperty.call(message, "nodeName") && message.nodeName !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.nodeName);
                    if (message.open != null && $Object.hasOwnProperty.call(message, "open"))
                        $root.kaji.agent.v1.OpenStream.encode(message.open, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a RelayOpen message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.RelayOpen
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.RelayOpen & kaji.agent.v1.RelayOpen.$Shape} RelayOpen
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                RelayOpen.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.RelayOpen();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.nodeName = value;
                                else
                                    delete message.nodeName;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                message.open = $root.kaji.agent.v1.OpenStream.decode(reader, reader.size(), $undefined, _depth + 1, message.open);
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return RelayOpen;
            })();

            v1.PeerMetricsRequest = (function() {

                /**
                 * Properties of a PeerMetricsRequest.
                 * @typedef {Object} kaji.agent.v1.PeerMetricsRequest.$Properties
                 * @property {boolean|null} [once] PeerMetricsRequest once
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a PeerMetricsRequest.
                 * @memberof kaji.agent.v1
                 * @interface IPeerMetricsRequest
                 * @augments kaji.agent.v1.PeerMetricsRequest.$Properties
                 * @deprecated Use kaji.agent.v1.PeerMetricsRequest.$Properties instead.
                 */

                /**
                 * Shape of a PeerMetricsRequest.
                 * @typedef {kaji.agent.v1.PeerMetricsRequest.$Properties} kaji.agent.v1.PeerMetricsRequest.$Shape
                 */

                /**
                 * Constructs a new PeerMetricsRequest.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a PeerMetricsRequest.
                 * @constructor
                 * @param {kaji.agent.v1.PeerMetricsRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const PeerMetricsRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * PeerMetricsRequest once.
                 * @member {boolean} once
                 * @memberof kaji.agent.v1.PeerMetricsRequest
                 * @instance
                 */
                PeerMetricsRequest.prototype.once = false;

                /**
                 * Creates a new PeerMetricsRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.PeerMetricsRequest
                 * @static
                 * @param {kaji.agent.v1.PeerMetricsRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.PeerMetricsRequest} PeerMetricsRequest instance
                 * @type {{
                 *   (properties: kaji.agent.v1.PeerMetricsRequest.$Shape): kaji.agent.v1.PeerMetricsRequest & kaji.agent.v1.PeerMetricsRequest.$Shape;
                 *   (properties?: kaji.agent.v1.PeerMetricsRequest.$Properties): kaji.agent.v1.PeerMetricsRequest;
                 * }}
                 */
                PeerMetricsRequest.create = function(properties) {
                    return new PeerMetricsRequest(properties);
                };

                /**
                 * Encodes the specified PeerMetricsRequest message. Does not implicitly {@link kaji.agent.v1.PeerMetricsRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.PeerMetricsRequest
                 * @static
                 * @param {kaji.agent.v1.PeerMetricsRequest.$Properties} message PeerMetricsRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                PeerMetricsRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.once != null && $Object.hasOwnProperty.call(message, "once") && message.once !== false)
                        writer.uint32(/* id 1, wireType 0 =*/8).bool(message.once);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a PeerMetricsRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.PeerMetricsRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PeerMetricsRequest & kaji.agent.v1.PeerMetricsRequest.$Shape} PeerMetricsRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                PeerMetricsRequest.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.PeerMetricsRequest();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.once = value;
                                else
                                    delete message.once;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return PeerMetricsRequest;
            })();

            v1.PeerMetricsReply = (function() {

                /**
                 * Properties of a PeerMetricsReply.
                 * @typedef {Object} kaji.agent.v1.PeerMetricsReply.$Properties
                 * @property {Array.<Uint8Array>|null} [nodeMetricsJson] PeerMetricsReply nodeMetricsJson
                 * @property {Array.<Uint8Array>|null} [podMetricsJson] PeerMetricsReply podMetricsJson
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a PeerMetricsReply.
                 * @memberof kaji.agent.v1
                 * @interface IPeerMetricsReply
                 * @augments kaji.agent.v1.PeerMetricsReply.$Properties
                 * @deprecated Use kaji.agent.v1.PeerMetricsReply.$Properties instead.
                 */

                /**
                 * Shape of a PeerMetricsReply.
                 * @typedef {kaji.agent.v1.PeerMetricsReply.$Properties} kaji.agent.v1.PeerMetricsReply.$Shape
                 */

                /**
                 * Constructs a new PeerMetricsReply.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a PeerMetricsReply.
                 * @constructor
                 * @param {kaji.agent.v1.PeerMetricsReply.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const PeerMetricsReply = function (properties) {
                    this.nodeMetricsJson = [];
                    this.podMetricsJson = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * PeerMetricsReply nodeMetricsJson.
                 * @member {Array.<Uint8Array>} nodeMetricsJson
                 * @memberof kaji.agent.v1.PeerMetricsReply
                 * @instance
                 */
                PeerMetricsReply.prototype.nodeMetricsJson = $util.emptyArray;

                /**
                 * PeerMetricsReply podMetricsJson.
                 * @member {Array.<Uint8Array>} podMetricsJson
                 * @memberof kaji.agent.v1.PeerMetricsReply
                 * @instance
                 */
                PeerMetricsReply.prototype.podMetricsJson = $util.emptyArray;

                /**
                 * Creates a new PeerMetricsReply instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.PeerMetricsReply
                 * @static
                 * @param {kaji.agent.v1.PeerMetricsReply.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.PeerMetricsReply} PeerMetricsReply instance
                 * @type {{
                 *   (properties: kaji.agent.v1.PeerMetricsReply.$Shape): kaji.agent.v1.PeerMetricsReply & kaji.agent.v1.PeerMetricsReply.$Shape;
                 *   (properties?: kaji.agent.v1.PeerMetricsReply.$Properties): kaji.agent.v1.PeerMetricsReply;
                 * }}
                 */
                PeerMetricsReply.create = function(properties) {
                    return new PeerMetricsReply(properties);
                };

                /**
                 * Encodes the specified PeerMetricsReply message. Does not implicitly {@link kaji.agent.v1.PeerMetricsReply.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.PeerMetricsReply
                 * @static
                 * @param {kaji.agent.v1.PeerMetricsReply.$Properties} message PeerMetricsReply message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                PeerMetricsReply.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.nodeMetricsJson != null && message.nodeMetricsJson.length)
                        for (let i = 0; i < message.nodeMetricsJson.length; ++i)
                            writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.nodeMetricsJson[i]);
                    if (message.podMetricsJson != null && message.podMetricsJson.length)
                        for (let i = 0; i < message.podMetricsJson.length; ++i)
                            writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.podMetricsJson[i]);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a PeerMetricsReply message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.PeerMetricsReply
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PeerMetricsReply & kaji.agent.v1.PeerMetricsReply.$Shape} PeerMetricsReply
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                PeerMetricsReply.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.PeerMetricsReply();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.nodeMetricsJson && message.nodeMetricsJson.length))
                                    message.nodeMetricsJson = [];
                                message.nodeMetricsJson.push(reader.bytes());
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.podMetricsJson && message.podMetricsJson.length))
                                    message.podMetricsJson = [];
                                message.podMetricsJson.push(reader.bytes());
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return PeerMetricsReply;
            })();

            v1.PeerReadRequest = (function() {

                /**
                 * Properties of a PeerReadRequest.
                 * @typedef {Object} kaji.agent.v1.PeerReadRequest.$Properties
                 * @property {string|null} [question] PeerReadRequest question
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a PeerReadRequest.
                 * @memberof kaji.agent.v1
                 * @interface IPeerReadRequest
                 * @augments kaji.agent.v1.PeerReadRequest.$Properties
                 * @deprecated Use kaji.agent.v1.PeerReadRequest.$Properties instead.
                 */

                /**
                 * Shape of a PeerReadRequest.
                 * @typedef {kaji.agent.v1.PeerReadRequest.$Properties} kaji.agent.v1.PeerReadRequest.$Shape
                 */

                /**
                 * Constructs a new PeerReadRequest.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a PeerReadRequest.
                 * @constructor
                 * @param {kaji.agent.v1.PeerReadRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const PeerReadRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * PeerReadRequest question.
                 * @member {string} question
                 * @memberof kaji.agent.v1.PeerReadRequest
                 * @instance
                 */
                PeerReadRequest.prototype.question = "";

                /**
                 * Creates a new PeerReadRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.PeerReadRequest
                 * @static
                 * @param {kaji.agent.v1.PeerReadRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.PeerReadRequest} PeerReadRequest instance
                 * @type {{
                 *   (properties: kaji.agent.v1.PeerReadRequest.$Shape): kaji.agent.v1.PeerReadRequest & kaji.agent.v1.PeerReadRequest.$Shape;
                 *   (properties?: kaji.agent.v1.PeerReadRequest.$Properties): kaji.agent.v1.PeerReadRequest;
                 * }}
                 */
                PeerReadRequest.create = function(properties) {
                    return new PeerReadRequest(properties);
                };

                /**
                 * Encodes the specified PeerReadRequest message. Does not implicitly {@link kaji.agent.v1.PeerReadRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.PeerReadRequest
                 * @static
                 * @param {kaji.agent.v1.PeerReadRequest.$Properties} message PeerReadRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                PeerReadRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.question != null && $Object.hasOwnProperty.call(message, "question") && message.question !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.question);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a PeerReadRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.PeerReadRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PeerReadRequest & kaji.agent.v1.PeerReadRequest.$Shape} PeerReadRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                PeerReadRequest.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.PeerReadRequest();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.question = value;
                                else
                                    delete message.question;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return PeerReadRequest;
            })();

            v1.PeerReadReply = (function() {

                /**
                 * Properties of a PeerReadReply.
                 * @typedef {Object} kaji.agent.v1.PeerReadReply.$Properties
                 * @property {Uint8Array|null} [json] PeerReadReply json
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a PeerReadReply.
                 * @memberof kaji.agent.v1
                 * @interface IPeerReadReply
                 * @augments kaji.agent.v1.PeerReadReply.$Properties
                 * @deprecated Use kaji.agent.v1.PeerReadReply.$Properties instead.
                 */

                /**
                 * Shape of a PeerReadReply.
                 * @typedef {kaji.agent.v1.PeerReadReply.$Properties} kaji.agent.v1.PeerReadReply.$Shape
                 */

                /**
                 * Constructs a new PeerReadReply.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a PeerReadReply.
                 * @constructor
                 * @param {kaji.agent.v1.PeerReadReply.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const PeerReadReply = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * PeerReadReply json.
                 * @member {Uint8Array} json
                 * @memberof kaji.agent.v1.PeerReadReply
                 * @instance
                 */
                PeerReadReply.prototype.json = $util.newBuffer([]);

                /**
                 * Creates a new PeerReadReply instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.PeerReadReply
                 * @static
                 * @param {kaji.agent.v1.PeerReadReply.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.PeerReadReply} PeerReadReply instance
                 * @type {{
                 *   (properties: kaji.agent.v1.PeerReadReply.$Shape): kaji.agent.v1.PeerReadReply & kaji.agent.v1.PeerReadReply.$Shape;
                 *   (properties?: kaji.agent.v1.PeerReadReply.$Properties): kaji.agent.v1.PeerReadReply;
                 * }}
                 */
                PeerReadReply.create = function(properties) {
                    return new PeerReadReply(properties);
                };

                /**
                 * Encodes the specified PeerReadReply message. Does not implicitly {@link kaji.agent.v1.PeerReadReply.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.PeerReadReply
                 * @static
                 * @param {kaji.agent.v1.PeerReadReply.$Properties} message PeerReadReply message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                PeerReadReply.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.json != null && $Object.hasOwnProperty.call(message, "json") && message.json.length)
                        writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.json);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a PeerReadReply message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.PeerReadReply
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PeerReadReply & kaji.agent.v1.PeerReadReply.$Shape} PeerReadReply
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                PeerReadReply.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.PeerReadReply();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.json = value;
                                else
                                    delete message.json;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return PeerReadReply;
            })();

            v1.Data = (function() {

                /**
                 * Properties of a Data.
                 * @typedef {Object} kaji.agent.v1.Data.$Properties
                 * @property {number|null} [channel] Data channel
                 * @property {Uint8Array|null} [bytes] Data bytes
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Data.
                 * @memberof kaji.agent.v1
                 * @interface IData
                 * @augments kaji.agent.v1.Data.$Properties
                 * @deprecated Use kaji.agent.v1.Data.$Properties instead.
                 */

                /**
                 * Shape of a Data.
                 * @typedef {kaji.agent.v1.Data.$Properties} kaji.agent.v1.Data.$Shape
                 */

                /**
                 * Constructs a new Data.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a Data.
                 * @constructor
                 * @param {kaji.agent.v1.Data.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Data = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Data channel.
                 * @member {number} channel
                 * @memberof kaji.agent.v1.Data
                 * @instance
                 */
                Data.prototype.channel = 0;

                /**
                 * Data bytes.
                 * @member {Uint8Array} bytes
                 * @memberof kaji.agent.v1.Data
                 * @instance
                 */
                Data.prototype.bytes = $util.newBuffer([]);

                /**
                 * Creates a new Data instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.Data
                 * @static
                 * @param {kaji.agent.v1.Data.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.Data} Data instance
                 * @type {{
                 *   (properties: kaji.agent.v1.Data.$Shape): kaji.agent.v1.Data & kaji.agent.v1.Data.$Shape;
                 *   (properties?: kaji.agent.v1.Data.$Properties): kaji.agent.v1.Data;
                 * }}
                 */
                Data.create = function(properties) {
                    return new Data(properties);
                };

                /**
                 * Encodes the specified Data message. Does not implicitly {@link kaji.agent.v1.Data.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.Data
                 * @static
                 * @param {kaji.agent.v1.Data.$Properties} message Data message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Data.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.channel != null && $Object.hasOwnProperty.call(message, "channel") && message.channel !== 0)
                        writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.channel);
                    if (message.bytes != null && $Object.hasOwnProperty.call(message, "bytes") && message.bytes.length)
                        writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.bytes);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Data message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.Data
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.Data & kaji.agent.v1.Data.$Shape} Data
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Data.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.Data();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.channel = value;
                                else
                                    delete message.channel;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.bytes = value;
                                else
                                    delete message.bytes;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Data;
            })();

            v1.Resize = (function() {

                /**
                 * Properties of a Resize.
                 * @typedef {Object} kaji.agent.v1.Resize.$Properties
                 * @property {number|null} [width] Resize width
                 * @property {number|null} [height] Resize height
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Resize.
                 * @memberof kaji.agent.v1
                 * @interface IResize
                 * @augments kaji.agent.v1.Resize.$Properties
                 * @deprecated Use kaji.agent.v1.Resize.$Properties instead.
                 */

                /**
                 * Shape of a Resize.
                 * @typedef {kaji.agent.v1.Resize.$Properties} kaji.agent.v1.Resize.$Shape
                 */

                /**
                 * Constructs a new Resize.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a Resize.
                 * @constructor
                 * @param {kaji.agent.v1.Resize.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Resize = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Resize width.
                 * @member {number} width
                 * @memberof kaji.agent.v1.Resize
                 * @instance
                 */
                Resize.prototype.width = 0;

                /**
                 * Resize height.
                 * @member {number} height
                 * @memberof kaji.agent.v1.Resize
                 * @instance
                 */
                Resize.prototype.height = 0;

                /**
                 * Creates a new Resize instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.Resize
                 * @static
                 * @param {kaji.agent.v1.Resize.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.Resize} Resize instance
                 * @type {{
                 *   (properties: kaji.agent.v1.Resize.$Shape): kaji.agent.v1.Resize & kaji.agent.v1.Resize.$Shape;
                 *   (properties?: kaji.agent.v1.Resize.$Properties): kaji.agent.v1.Resize;
                 * }}
                 */
                Resize.create = function(properties) {
                    return new Resize(properties);
                };

                /**
                 * Encodes the specified Resize message. Does not implicitly {@link kaji.agent.v1.Resize.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.Resize
                 * @static
                 * @param {kaji.agent.v1.Resize.$Properties} message Resize message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Resize.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.width != null && $Object.hasOwnProperty.call(message, "width") && message.width !== 0)
                        writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.width);
                    if (message.height != null && $Object.hasOwnProperty.call(message, "height") && message.height !== 0)
                        writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.height);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Resize message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.Resize
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.Resize & kaji.agent.v1.Resize.$Shape} Resize
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Resize.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.Resize();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.width = value;
                                else
                                    delete message.width;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.height = value;
                                else
                                    delete message.height;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Resize;
            })();

            v1.Certificate = (function() {

                /**
                 * Properties of a Certificate.
                 * @typedef {Object} kaji.agent.v1.Certificate.$Properties
                 * @property {string|null} [certificatePem] Certificate certificatePem
                 * @property {string|null} [caPem] Certificate caPem
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Certificate.
                 * @memberof kaji.agent.v1
                 * @interface ICertificate
                 * @augments kaji.agent.v1.Certificate.$Properties
                 * @deprecated Use kaji.agent.v1.Certificate.$Properties instead.
                 */

                /**
                 * Shape of a Certificate.
                 * @typedef {kaji.agent.v1.Certificate.$Properties} kaji.agent.v1.Certificate.$Shape
                 */

                /**
                 * Constructs a new Certificate.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a Certificate.
                 * @constructor
                 * @param {kaji.agent.v1.Certificate.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Certificate = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Certificate certificatePem.
                 * @member {string} certificatePem
                 * @memberof kaji.agent.v1.Certificate
                 * @instance
                 */
                Certificate.prototype.certificatePem = "";

                /**
                 * Certificate caPem.
                 * @member {string} caPem
                 * @memberof kaji.agent.v1.Certificate
                 * @instance
                 */
                Certificate.prototype.caPem = "";

                /**
                 * Creates a new Certificate instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.Certificate
                 * @static
                 * @param {kaji.agent.v1.Certificate.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.Certificate} Certificate instance
                 * @type {{
                 *   (properties: kaji.agent.v1.Certificate.$Shape): kaji.agent.v1.Certificate & kaji.agent.v1.Certificate.$Shape;
                 *   (properties?: kaji.agent.v1.Certificate.$Properties): kaji.agent.v1.Certificate;
                 * }}
                 */
                Certificate.create = function(properties) {
                    return new Certificate(properties);
                };

                /**
                 * Encodes the specified Certificate message. Does not implicitly {@link kaji.agent.v1.Certificate.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.Certificate
                 * @static
                 * @param {kaji.agent.v1.Certificate.$Properties} message Certificate message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Certificate.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.certificatePem != null && $Object.hasOwnProperty.call(message, "certificatePem") && message.certificatePem !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.certificatePem);
                    if (message.caPem != null && $Object.hasOwnProperty.call(message, "caPem") && message.caPem !== "")
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.caPem);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Certificate message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.Certificate
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.Certificate & kaji.agent.v1.Certificate.$Shape} Certificate
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Certificate.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.Certificate();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.certificatePem = value;
                                else
                                    delete message.certificatePem;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.caPem = value;
                                else
                                    delete message.caPem;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Certificate;
            })();

            v1.CertificateRequest = (function() {

                /**
                 * Properties of a CertificateRequest.
                 * @typedef {Object} kaji.agent.v1.CertificateRequest.$Properties
                 * @property {string|null} [csrPem] CertificateRequest csrPem
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a CertificateRequest.
                 * @memberof kaji.agent.v1
                 * @interface ICertificateRequest
                 * @augments kaji.agent.v1.CertificateRequest.$Properties
                 * @deprecated Use kaji.agent.v1.CertificateRequest.$Properties instead.
                 */

                /**
                 * Shape of a CertificateRequest.
                 * @typedef {kaji.agent.v1.CertificateRequest.$Properties} kaji.agent.v1.CertificateRequest.$Shape
                 */

                /**
                 * Constructs a new CertificateRequest.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a CertificateRequest.
                 * @constructor
                 * @param {kaji.agent.v1.CertificateRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const CertificateRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * CertificateRequest csrPem.
                 * @member {string} csrPem
                 * @memberof kaji.agent.v1.CertificateRequest
                 * @instance
                 */
                CertificateRequest.prototype.csrPem = "";

                /**
                 * Creates a new CertificateRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.CertificateRequest
                 * @static
                 * @param {kaji.agent.v1.CertificateRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.CertificateRequest} CertificateRequest instance
                 * @type {{
                 *   (properties: kaji.agent.v1.CertificateRequest.$Shape): kaji.agent.v1.CertificateRequest & kaji.agent.v1.CertificateRequest.$Shape;
                 *   (properties?: kaji.agent.v1.CertificateRequest.$Properties): kaji.agent.v1.CertificateRequest;
                 * }}
                 */
                CertificateRequest.create = function(properties) {
                    return new CertificateRequest(properties);
                };

                /**
                 * Encodes the specified CertificateRequest message. Does not implicitly {@link kaji.agent.v1.CertificateRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.CertificateRequest
                 * @static
                 * @param {kaji.agent.v1.CertificateRequest.$Properties} message CertificateRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                CertificateRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.csrPem != null && $Object.hasOwnProperty.call(message, "csrPem") && message.csrPem !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.csrPem);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a CertificateRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.CertificateRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.CertificateRequest & kaji.agent.v1.CertificateRequest.$Shape} CertificateRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                CertificateRequest.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.CertificateRequest();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.csrPem = value;
                                else
                                    delete message.csrPem;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return CertificateRequest;
            })();

            v1.PeerTable = (function() {

                /**
                 * Properties of a PeerTable.
                 * @typedef {Object} kaji.agent.v1.PeerTable.$Properties
                 * @property {boolean|null} [isFull] PeerTable isFull
                 * @property {Array.<kaji.agent.v1.Peer.$Properties>|null} [peers] PeerTable peers
                 * @property {Array.<string>|null} [removed] PeerTable removed
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a PeerTable.
                 * @memberof kaji.agent.v1
                 * @interface IPeerTable
                 * @augments kaji.agent.v1.PeerTable.$Properties
                 * @deprecated Use kaji.agent.v1.PeerTable.$Properties instead.
                 */

                /**
                 * Shape of a PeerTable.
                 * @typedef {kaji.agent.v1.PeerTable.$Properties} kaji.agent.v1.PeerTable.$Shape
                 */

                /**
                 * Constructs a new PeerTable.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a PeerTable.
                 * @constructor
                 * @param {kaji.agent.v1.PeerTable.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const PeerTable = function (properties) {
                    this.peers = [];
                    this.removed = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * PeerTable isFull.
                 * @member {boolean} isFull
                 * @memberof kaji.agent.v1.PeerTable
                 * @instance
                 */
                PeerTable.prototype.isFull = false;

                /**
                 * PeerTable peers.
                 * @member {Array.<kaji.agent.v1.Peer.$Properties>} peers
                 * @memberof kaji.agent.v1.PeerTable
                 * @instance
                 */
                PeerTable.prototype.peers = $util.emptyArray;

                /**
                 * PeerTable removed.
                 * @member {Array.<string>} removed
                 * @memberof kaji.agent.v1.PeerTable
                 * @instance
                 */
                PeerTable.prototype.removed = $util.emptyArray;

                /**
                 * Creates a new PeerTable instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.PeerTable
                 * @static
                 * @param {kaji.agent.v1.PeerTable.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.PeerTable} PeerTable instance
                 * @type {{
                 *   (properties: kaji.agent.v1.PeerTable.$Shape): kaji.agent.v1.PeerTable & kaji.agent.v1.PeerTable.$Shape;
                 *   (properties?: kaji.agent.v1.PeerTable.$Properties): kaji.agent.v1.PeerTable;
                 * }}
                 */
                PeerTable.create = function(properties) {
                    return new PeerTable(properties);
                };

                /**
                 * Encodes the specified PeerTable message. Does not implicitly {@link kaji.agent.v1.PeerTable.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.PeerTable
                 * @static
                 * @param {kaji.agent.v1.PeerTable.$Properties} message PeerTable message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                PeerTable.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.isFull != null && $Object.hasOwnProperty.call(message, "isFull") && message.isFull !== false)
                        writer.uint32(/* id 1, wireType 0 =*/8).bool(message.isFull);
                    if (message.peers != null && message.peers.length)
                        for (let i = 0; i < message.peers.length; ++i)
                            $root.kaji.agent.v1.Peer.encode(message.peers[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                    if (message.removed != null && message.removed.length)
                        for (let i = 0; i < message.removed.length; ++i)
                            writer.uint32(/* id 3, wireType 2 =*/26).string(message.removed[i]);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a PeerTable message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.PeerTable
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PeerTable & kaji.agent.v1.PeerTable.$Shape} PeerTable
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                PeerTable.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.PeerTable();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.isFull = value;
                                else
                                    delete message.isFull;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.peers && message.peers.length))
                                    message.peers = [];
                                message.peers.push($root.kaji.agent.v1.Peer.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.removed && message.removed.length))
                                    message.removed = [];
                                message.removed.push(reader.stringVerify());
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return PeerTable;
            })();

            v1.Peer = (function() {

                /**
                 * Properties of a Peer.
                 * @typedef {Object} kaji.agent.v1.Peer.$Properties
                 * @property {string|null} [nodeName] Peer nodeName
                 * @property {string|null} [internalIp] Peer internalIp
                 * @property {string|null} [podCidr] Peer podCidr
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Peer.
                 * @memberof kaji.agent.v1
                 * @interface IPeer
                 * @augments kaji.agent.v1.Peer.$Properties
                 * @deprecated Use kaji.agent.v1.Peer.$Properties instead.
                 */

                /**
                 * Shape of a Peer.
                 * @typedef {kaji.agent.v1.Peer.$Properties} kaji.agent.v1.Peer.$Shape
                 */

                /**
                 * Constructs a new Peer.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a Peer.
                 * @constructor
                 * @param {kaji.agent.v1.Peer.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Peer = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Peer nodeName.
                 * @member {string} nodeName
                 * @memberof kaji.agent.v1.Peer
                 * @instance
                 */
                Peer.prototype.nodeName = "";

                /**
                 * Peer internalIp.
                 * @member {string} internalIp
                 * @memberof kaji.agent.v1.Peer
                 * @instance
                 */
                Peer.prototype.internalIp = "";

                /**
                 * Peer podCidr.
                 * @member {string} podCidr
                 * @memberof kaji.agent.v1.Peer
                 * @instance
                 */
                Peer.prototype.podCidr = "";

                /**
                 * Creates a new Peer instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.Peer
                 * @static
                 * @param {kaji.agent.v1.Peer.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.Peer} Peer instance
                 * @type {{
                 *   (properties: kaji.agent.v1.Peer.$Shape): kaji.agent.v1.Peer & kaji.agent.v1.Peer.$Shape;
                 *   (properties?: kaji.agent.v1.Peer.$Properties): kaji.agent.v1.Peer;
                 * }}
                 */
                Peer.create = function(properties) {
                    return new Peer(properties);
                };

                /**
                 * Encodes the specified Peer message. Does not implicitly {@link kaji.agent.v1.Peer.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.Peer
                 * @static
                 * @param {kaji.agent.v1.Peer.$Properties} message Peer message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Peer.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.nodeName != null && $Object.hasOwnProperty.call(message, "nodeName") && message.nodeName !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.nodeName);
                    if (message.internalIp != null && $Object.hasOwnProperty.call(message, "internalIp") && message.internalIp !== "")
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.internalIp);
                    if (message.podCidr != null && $Object.hasOwnProperty.call(message, "podCidr") && message.podCidr !== "")
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.podCidr);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Peer message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.Peer
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.Peer & kaji.agent.v1.Peer.$Shape} Peer
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Peer.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.Peer();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.nodeName = value;
                                else
                                    delete message.nodeName;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.internalIp = value;
                                else
                                    delete message.internalIp;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.podCidr = value;
                                else
                                    delete message.podCidr;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Peer;
            })();

            v1.ServerList = (function() {

                /**
                 * Properties of a ServerList.
                 * @typedef {Object} kaji.agent.v1.ServerList.$Properties
                 * @property {Array.<string>|null} [gateways] ServerList gateways
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a ServerList.
                 * @memberof kaji.agent.v1
                 * @interface IServerList
                 * @augments kaji.agent.v1.ServerList.$Properties
                 * @deprecated Use kaji.agent.v1.ServerList.$Properties instead.
                 */

                /**
                 * Shape of a ServerList.
                 * @typedef {kaji.agent.v1.ServerList.$Properties} kaji.agent.v1.ServerList.$Shape
                 */

                /**
                 * Constructs a new ServerList.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a ServerList.
                 * @constructor
                 * @param {kaji.agent.v1.ServerList.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const ServerList = function (properties) {
                    this.gateways = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * ServerList gateways.
                 * @member {Array.<string>} gateways
                 * @memberof kaji.agent.v1.ServerList
                 * @instance
                 */
                ServerList.prototype.gateways = $util.emptyArray;

                /**
                 * Creates a new ServerList instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.ServerList
                 * @static
                 * @param {kaji.agent.v1.ServerList.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.ServerList} ServerList instance
                 * @type {{
                 *   (properties: kaji.agent.v1.ServerList.$Shape): kaji.agent.v1.ServerList & kaji.agent.v1.ServerList.$Shape;
                 *   (properties?: kaji.agent.v1.ServerList.$Properties): kaji.agent.v1.ServerList;
                 * }}
                 */
                ServerList.create = function(properties) {
                    return new ServerList(properties);
                };

                /**
                 * Encodes the specified ServerList message. Does not implicitly {@link kaji.agent.v1.ServerList.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.ServerList
                 * @static
                 * @param {kaji.agent.v1.ServerList.$Properties} message ServerList message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                ServerList.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.gateways != null && message.gateways.length)
                        for (let i = 0; i < message.gateways.length; ++i)
                            writer.uint32(/* id 1, wireType 2 =*/10).string(message.gateways[i]);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a ServerList message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.ServerList
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.ServerList & kaji.agent.v1.ServerList.$Shape} ServerList
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                ServerList.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.ServerList();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.gateways && message.gateways.length))
                                    message.gateways = [];
                                message.gateways.push(reader.stringVerify());
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return ServerList;
            })();

            v1.PolicyTable = (function() {

                /**
                 * Properties of a PolicyTable.
                 * @typedef {Object} kaji.agent.v1.PolicyTable.$Properties
                 * @property {boolean|null} [isFull] PolicyTable isFull
                 * @property {Array.<kaji.agent.v1.PolicyEntry.$Properties>|null} [policies] PolicyTable policies
                 * @property {Array.<string>|null} [removed] PolicyTable removed
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a PolicyTable.
                 * @memberof kaji.agent.v1
                 * @interface IPolicyTable
                 * @augments kaji.agent.v1.PolicyTable.$Properties
                 * @deprecated Use kaji.agent.v1.PolicyTable.$Properties instead.
                 */

                /**
                 * Shape of a PolicyTable.
                 * @typedef {kaji.agent.v1.PolicyTable.$Properties} kaji.agent.v1.PolicyTable.$Shape
                 */

                /**
                 * Constructs a new PolicyTable.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a PolicyTable.
                 * @constructor
                 * @param {kaji.agent.v1.PolicyTable.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const PolicyTable = function (properties) {
                    this.policies = [];
                    this.removed = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * PolicyTable isFull.
                 * @member {boolean} isFull
                 * @memberof kaji.agent.v1.PolicyTable
                 * @instance
                 */
                PolicyTable.prototype.isFull = false;

                /**
                 * PolicyTable policies.
                 * @member {Array.<kaji.agent.v1.PolicyEntry.$Properties>} policies
                 * @memberof kaji.agent.v1.PolicyTable
                 * @instance
                 */
                PolicyTable.prototype.policies = $util.emptyArray;

                /**
                 * PolicyTable removed.
                 * @member {Array.<string>} removed
                 * @memberof kaji.agent.v1.PolicyTable
                 * @instance
                 */
                PolicyTable.prototype.removed = $util.emptyArray;

                /**
                 * Creates a new PolicyTable instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.PolicyTable
                 * @static
                 * @param {kaji.agent.v1.PolicyTable.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.PolicyTable} PolicyTable instance
                 * @type {{
                 *   (properties: kaji.agent.v1.PolicyTable.$Shape): kaji.agent.v1.PolicyTable & kaji.agent.v1.PolicyTable.$Shape;
                 *   (properties?: kaji.agent.v1.PolicyTable.$Properties): kaji.agent.v1.PolicyTable;
                 * }}
                 */
                PolicyTable.create = function(properties) {
                    return new PolicyTable(properties);
                };

                /**
                 * Encodes the specified PolicyTable message. Does not implicitly {@link kaji.agent.v1.PolicyTable.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.PolicyTable
                 * @static
                 * @param {kaji.agent.v1.PolicyTable.$Properties} message PolicyTable message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                PolicyTable.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.isFull != null && $Object.hasOwnProperty.call(message, "isFull") && message.isFull !== false)
                        writer.uint32(/* id 1, wireType 0 =*/8).bool(message.isFull);
                    if (message.policies != null && message.policies.length)
                        for (let i = 0; i < message.policies.length; ++i)
                            $root.kaji.agent.v1.PolicyEntry.encode(message.policies[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                    if (message.removed != null && message.removed.length)
                        for (let i = 0; i < message.removed.length; ++i)
                            writer.uint32(/* id 3, wireType 2 =*/26).string(message.removed[i]);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a PolicyTable message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.PolicyTable
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PolicyTable & kaji.agent.v1.PolicyTable.$Shape} PolicyTable
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                PolicyTable.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.PolicyTable();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.isFull = value;
                                else
                                    delete message.isFull;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.policies && message.policies.length))
                                    message.policies = [];
                                message.policies.push($root.kaji.agent.v1.PolicyEntry.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.removed && message.removed.length))
                                    message.removed = [];
                                message.removed.push(reader.stringVerify());
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return PolicyTable;
            })();

            v1.PolicyEntry = (function() {

                /**
                 * Properties of a PolicyEntry.
                 * @typedef {Object} kaji.agent.v1.PolicyEntry.$Properties
                 * @property {string|null} [namespace] PolicyEntry namespace
                 * @property {string|null} [name] PolicyEntry name
                 * @property {Array.<kaji.agent.v1.PolicyPod.$Properties>|null} [pods] PolicyEntry pods
                 * @property {boolean|null} [restrictsIngress] PolicyEntry restrictsIngress
                 * @property {boolean|null} [restrictsEgress] PolicyEntry restrictsEgress
                 * @property {Array.<kaji.agent.v1.PolicyRule.$Properties>|null} [ingress] PolicyEntry ingress
                 * @property {Array.<kaji.agent.v1.PolicyRule.$Properties>|null} [egress] PolicyEntry egress
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a PolicyEntry.
                 * @memberof kaji.agent.v1
                 * @interface IPolicyEntry
                 * @augments kaji.agent.v1.PolicyEntry.$Properties
                 * @deprecated Use kaji.agent.v1.PolicyEntry.$Properties instead.
                 */

                /**
                 * Shape of a PolicyEntry.
                 * @typedef {kaji.agent.v1.PolicyEntry.$Properties} kaji.agent.v1.PolicyEntry.$Shape
                 */

                /**
                 * Constructs a new PolicyEntry.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a PolicyEntry.
                 * @constructor
                 * @param {kaji.agent.v1.PolicyEntry.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const PolicyEntry = function (properties) {
                    this.pods = [];
                    this.ingress = [];
                    this.egress = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * PolicyEntry namespace.
                 * @member {string} namespace
                 * @memberof kaji.agent.v1.PolicyEntry
                 * @instance
                 */
                PolicyEntry.prototype.namespace = "";

                /**
                 * PolicyEntry name.
                 * @member {string} name
                 * @memberof kaji.agent.v1.PolicyEntry
                 * @instance
                 */
                PolicyEntry.prototype.name = "";

                /**
                 * PolicyEntry pods.
                 * @member {Array.<kaji.agent.v1.PolicyPod.$Properties>} pods
                 * @memberof kaji.agent.v1.PolicyEntry
                 * @instance
                 */
                PolicyEntry.prototype.pods = $util.emptyArray;

                /**
                 * PolicyEntry restrictsIngress.
                 * @member {boolean} restrictsIngress
                 * @memberof kaji.agent.v1.PolicyEntry
                 * @instance
                 */
                PolicyEntry.prototype.restrictsIngress = false;

                /**
                 * PolicyEntry restrictsEgress.
                 * @member {boolean} restrictsEgress
                 * @memberof kaji.agent.v1.PolicyEntry
                 * @instance
                 */
                PolicyEntry.prototype.restrictsEgress = false;

                /**
                 * PolicyEntry ingress.
                 * @member {Array.<kaji.agent.v1.PolicyRule.$Properties>} ingress
                 * @memberof kaji.agent.v1.PolicyEntry
                 * @instance
                 */
                PolicyEntry.prototype.ingress = $util.emptyArray;

                /**
                 * PolicyEntry egress.
                 * @member {Array.<kaji.agent.v1.PolicyRule.$Properties>} egress
                 * @memberof kaji.agent.v1.PolicyEntry
                 * @instance
                 */
                PolicyEntry.prototype.egress = $util.emptyArray;

                /**
                 * Creates a new PolicyEntry instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.PolicyEntry
                 * @static
                 * @param {kaji.agent.v1.PolicyEntry.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.PolicyEntry} PolicyEntry instance
                 * @type {{
                 *   (properties: kaji.agent.v1.PolicyEntry.$Shape): kaji.agent.v1.PolicyEntry & kaji.agent.v1.PolicyEntry.$Shape;
                 *   (properties?: kaji.agent.v1.PolicyEntry.$Properties): kaji.agent.v1.PolicyEntry;
                 * }}
                 */
                PolicyEntry.create = function(properties) {
                    return new PolicyEntry(properties);
                };

                /**
                 * Encodes the specified PolicyEntry message. Does not implicitly {@link kaji.agent.v1.PolicyEntry.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.PolicyEntry
                 * @static
                 * @param {kaji.agent.v1.PolicyEntry.$Properties} message PolicyEntry message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                PolicyEntry.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.namespace);
                    if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.name);
                    if (message.pods != null && message.pods.length)
                        for (let i = 0; i < message.pods.length; ++i)
                            $root.kaji.agent.v1.PolicyPod.encode(message.pods[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                    if (message.restrictsIngress != null && $Object.hasOwnProperty.call(message, "restrictsIngress") && message.restrictsIngress !== false)
                        writer.uint32(/* id 4, wireType 0 =*/32).bool(message.restrictsIngress);
                    if (message.restrictsEgress != null && $Object.hasOwnProperty.call(message, "restrictsEgress") && message.restrictsEgress !== false)
                        writer.uint32(/* id 5, wireType 0 =*/40).bool(message.restrictsEgress);
                    if (message.ingress != null && message.ingress.length)
                        for (let i = 0; i < message.ingress.length; ++i)
                            $root.kaji.agent.v1.PolicyRule.encode(message.ingress[i], writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                    if (message.egress != null && message.egress.length)
                        for (let i = 0; i < message.egress.length; ++i)
                            $root.kaji.agent.v1.PolicyRule.encode(message.egress[i], writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a PolicyEntry message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.PolicyEntry
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PolicyEntry & kaji.agent.v1.PolicyEntry.$Shape} PolicyEntry
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                PolicyEntry.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.PolicyEntry();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.namespace = value;
                                else
                                    delete message.namespace;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.name = value;
                                else
                                    delete message.name;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.pods && message.pods.length))
                                    message.pods = [];
                                message.pods.push($root.kaji.agent.v1.PolicyPod.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.restrictsIngress = value;
                                else
                                    delete message.restrictsIngress;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.restrictsEgress = value;
                                else
                                    delete message.restrictsEgress;
                                continue;
                            }
                        case 6: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.ingress && message.ingress.length))
                                    message.ingress = [];
                                message.ingress.push($root.kaji.agent.v1.PolicyRule.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 7: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.egress && message.egress.length))
                                    message.egress = [];
                                message.egress.push($root.kaji.agent.v1.PolicyRule.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return PolicyEntry;
            })();

            v1.PolicyPod = (function() {

                /**
                 * Properties of a PolicyPod.
                 * @typedef {Object} kaji.agent.v1.PolicyPod.$Properties
                 * @property {string|null} [uid] PolicyPod uid
                 * @property {Array.<kaji.agent.v1.NamedPort.$Properties>|null} [ports] PolicyPod ports
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a PolicyPod.
                 * @memberof kaji.agent.v1
                 * @interface IPolicyPod
                 * @augments kaji.agent.v1.PolicyPod.$Properties
                 * @deprecated Use kaji.agent.v1.PolicyPod.$Properties instead.
                 */

                /**
                 * Shape of a PolicyPod.
                 * @typedef {kaji.agent.v1.PolicyPod.$Properties} kaji.agent.v1.PolicyPod.$Shape
                 */

                /**
                 * Constructs a new PolicyPod.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a PolicyPod.
                 * @constructor
                 * @param {kaji.agent.v1.PolicyPod.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const PolicyPod = function (properties) {
                    this.ports = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * PolicyPod uid.
                 * @member {string} uid
                 * @memberof kaji.agent.v1.PolicyPod
                 * @instance
                 */
                PolicyPod.prototype.uid = "";

                /**
                 * PolicyPod ports.
                 * @member {Array.<kaji.agent.v1.NamedPort.$Properties>} ports
                 * @memberof kaji.agent.v1.PolicyPod
                 * @instance
                 */
                PolicyPod.prototype.ports = $util.emptyArray;

                /**
                 * Creates a new PolicyPod instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.PolicyPod
                 * @static
                 * @param {kaji.agent.v1.PolicyPod.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.PolicyPod} PolicyPod instance
                 * @type {{
                 *   (properties: kaji.agent.v1.PolicyPod.$Shape): kaji.agent.v1.PolicyPod & kaji.agent.v1.PolicyPod.$Shape;
                 *   (properties?: kaji.agent.v1.PolicyPod.$Properties): kaji.agent.v1.PolicyPod;
                 * }}
                 */
                PolicyPod.create = function(properties) {
                    return new PolicyPod(properties);
                };

                /**
                 * Encodes the specified PolicyPod message. Does not implicitly {@link kaji.agent.v1.PolicyPod.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.PolicyPod
                 * @static
                 * @param {kaji.agent.v1.PolicyPod.$Properties} message PolicyPod message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                PolicyPod.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.uid != null && $Object.hasOwnProperty.call(message, "uid") && message.uid !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.uid);
                    if (message.ports != null && message.ports.length)
                        for (let i = 0; i < message.ports.length; ++i)
                            $root.kaji.agent.v1.NamedPort.encode(message.ports[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a PolicyPod message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.PolicyPod
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PolicyPod & kaji.agent.v1.PolicyPod.$Shape} PolicyPod
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                PolicyPod.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.PolicyPod();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.uid = value;
                                else
                                    delete message.uid;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.ports && message.ports.length))
                                    message.ports = [];
                                message.ports.push($root.kaji.agent.v1.NamedPort.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return PolicyPod;
            })();

            v1.NamedPort = (function() {

                /**
                 * Properties of a NamedPort.
                 * @typedef {Object} kaji.agent.v1.NamedPort.$Properties
                 * @property {string|null} [name] NamedPort name
                 * @property {string|null} [protocol] NamedPort protocol
                 * @property {number|null} [port] NamedPort port
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a NamedPort.
                 * @memberof kaji.agent.v1
                 * @interface INamedPort
                 * @augments kaji.agent.v1.NamedPort.$Properties
                 * @deprecated Use kaji.agent.v1.NamedPort.$Properties instead.
                 */

                /**
                 * Shape of a NamedPort.
                 * @typedef {kaji.agent.v1.NamedPort.$Properties} kaji.agent.v1.NamedPort.$Shape
                 */

                /**
                 * Constructs a new NamedPort.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a NamedPort.
                 * @constructor
                 * @param {kaji.agent.v1.NamedPort.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const NamedPort = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * NamedPort name.
                 * @member {string} name
                 * @memberof kaji.agent.v1.NamedPort
                 * @instance
                 */
                NamedPort.prototype.name = "";

                /**
                 * NamedPort protocol.
                 * @member {string} protocol
                 * @memberof kaji.agent.v1.NamedPort
                 * @instance
                 */
                NamedPort.prototype.protocol = "";

                /**
                 * NamedPort port.
                 * @member {number} port
                 * @memberof kaji.agent.v1.NamedPort
                 * @instance
                 */
                NamedPort.prototype.port = 0;

                /**
                 * Creates a new NamedPort instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.NamedPort
                 * @static
                 * @param {kaji.agent.v1.NamedPort.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.NamedPort} NamedPort instance
                 * @type {{
                 *   (properties: kaji.agent.v1.NamedPort.$Shape): kaji.agent.v1.NamedPort & kaji.agent.v1.NamedPort.$Shape;
                 *   (properties?: kaji.agent.v1.NamedPort.$Properties): kaji.agent.v1.NamedPort;
                 * }}
                 */
                NamedPort.create = function(properties) {
                    return new NamedPort(properties);
                };

                /**
                 * Encodes the specified NamedPort message. Does not implicitly {@link kaji.agent.v1.NamedPort.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.NamedPort
                 * @static
                 * @param {kaji.agent.v1.NamedPort.$Properties} message NamedPort message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                NamedPort.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
                    if (message.protocol != null && $Object.hasOwnProperty.call(message, "protocol") && message.protocol !== "")
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.protocol);
                    if (message.port != null && $Object.hasOwnProperty.call(message, "port") && message.port !== 0)
                        writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.port);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a NamedPort message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.NamedPort
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.NamedPort & kaji.agent.v1.NamedPort.$Shape} NamedPort
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                NamedPort.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.NamedPort();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.name = value;
                                else
                                    delete message.name;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.protocol = value;
                                else
                                    delete message.protocol;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.port = value;
                                else
                                    delete message.port;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return NamedPort;
            })();

            v1.PolicyRule = (function() {

                /**
                 * Properties of a PolicyRule.
                 * @typedef {Object} kaji.agent.v1.PolicyRule.$Properties
                 * @property {boolean|null} [anyPeer] PolicyRule anyPeer
                 * @property {Array.<string>|null} [peerGroups] PolicyRule peerGroups
                 * @property {Array.<kaji.agent.v1.PolicyBlock.$Properties>|null} [blocks] PolicyRule blocks
                 * @property {boolean|null} [anyPort] PolicyRule anyPort
                 * @property {Array.<kaji.agent.v1.PolicyPorts.$Properties>|null} [ports] PolicyRule ports
                 * @property {Array.<kaji.agent.v1.NamedPort.$Properties>|null} [names] PolicyRule names
                 * @property {Array.<string>|null} [destinationGroups] PolicyRule destinationGroups
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a PolicyRule.
                 * @memberof kaji.agent.v1
                 * @interface IPolicyRule
                 * @augments kaji.agent.v1.PolicyRule.$Properties
                 * @deprecated Use kaji.agent.v1.PolicyRule.$Properties instead.
                 */

                /**
                 * Shape of a PolicyRule.
                 * @typedef {kaji.agent.v1.PolicyRule.$Properties} kaji.agent.v1.PolicyRule.$Shape
                 */

                /**
                 * Constructs a new PolicyRule.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a PolicyRule.
                 * @constructor
                 * @param {kaji.agent.v1.PolicyRule.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const PolicyRule = function (properties) {
                    this.peerGroups = [];
                    this.blocks = [];
                    this.ports = [];
                    this.names = [];
                    this.destinationGroups = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * PolicyRule anyPeer.
                 * @member {boolean} anyPeer
                 * @memberof kaji.agent.v1.PolicyRule
                 * @instance
                 */
                PolicyRule.prototype.anyPeer = false;

                /**
                 * PolicyRule peerGroups.
                 * @member {Array.<string>} peerGroups
                 * @memberof kaji.agent.v1.PolicyRule
                 * @instance
                 */
                PolicyRule.prototype.peerGroups = $util.emptyArray;

                /**
                 * PolicyRule blocks.
                 * @member {Array.<kaji.agent.v1.PolicyBlock.$Properties>} blocks
                 * @memberof kaji.agent.v1.PolicyRule
                 * @instance
                 */
                PolicyRule.prototype.blocks = $util.emptyArray;

                /**
                 * PolicyRule anyPort.
                 * @member {boolean} anyPort
                 * @memberof kaji.agent.v1.PolicyRule
                 * @instance
                 */
                PolicyRule.prototype.anyPort = false;

                /**
                 * PolicyRule ports.
                 * @member {Array.<kaji.agent.v1.PolicyPorts.$Properties>} ports
                 * @memberof kaji.agent.v1.PolicyRule
                 * @instance
                 */
                PolicyRule.prototype.ports = $util.emptyArray;

                /**
                 * PolicyRule names.
                 * @member {Array.<kaji.agent.v1.NamedPort.$Properties>} names
                 * @memberof kaji.agent.v1.PolicyRule
                 * @instance
                 */
                PolicyRule.prototype.names = $util.emptyArray;

                /**
                 * PolicyRule destinationGroups.
                 * @member {Array.<string>} destinationGroups
                 * @memberof kaji.agent.v1.PolicyRule
                 * @instance
                 */
                PolicyRule.prototype.destinationGroups = $util.emptyArray;

                /**
                 * Creates a new PolicyRule instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.PolicyRule
                 * @static
                 * @param {kaji.agent.v1.PolicyRule.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.PolicyRule} PolicyRule instance
                 * @type {{
                 *   (properties: kaji.agent.v1.PolicyRule.$Shape): kaji.agent.v1.PolicyRule & kaji.agent.v1.PolicyRule.$Shape;
                 *   (properties?: kaji.agent.v1.PolicyRule.$Properties): kaji.agent.v1.PolicyRule;
                 * }}
                 */
                PolicyRule.create = function(properties) {
                    return new PolicyRule(properties);
                };

                /**
                 * Encodes the specified PolicyRule message. Does not implicitly {@link kaji.agent.v1.PolicyRule.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.PolicyRule
                 * @static
                 * @param {kaji.agent.v1.PolicyRule.$Properties} message PolicyRule message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                PolicyRule.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.anyPeer != null && $Object.hasOwnProperty.call(message, "anyPeer") && message.anyPeer !== false)
                        writer.uint32(/* id 1, wireType 0 =*/8).bool(message.anyPeer);
                    if (message.peerGroups != null && message.peerGroups.length)
                        for (let i = 0; i < message.peerGroups.length; ++i)
                            writer.uint32(/* id 2, wireType 2 =*/18).string(message.peerGroups[i]);
                    if (message.blocks != null && message.blocks.length)
                        for (let i = 0; i < message.blocks.length; ++i)
                            $root.kaji.agent.v1.PolicyBlock.encode(message.blocks[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                    if (message.anyPort != null && $Object.hasOwnProperty.call(message, "anyPort") && message.anyPort !== false)
                        writer.uint32(/* id 4, wireType 0 =*/32).bool(message.anyPort);
                    if (message.ports != null && message.ports.length)
                        for (let i = 0; i < message.ports.length; ++i)
                            $root.kaji.agent.v1.PolicyPorts.encode(message.ports[i], writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                    if (message.names != null && message.names.length)
                        for (let i = 0; i < message.names.length; ++i)
                            $root.kaji.agent.v1.NamedPort.encode(message.names[i], writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                    if (message.destinationGroups != null && message.destinationGroups.length)
                        for (let i = 0; i < message.destinationGroups.length; ++i)
                            writer.uint32(/* id 7, wireType 2 =*/58).string(message.destinationGroups[i]);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a PolicyRule message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.PolicyRule
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PolicyRule & kaji.agent.v1.PolicyRule.$Shape} PolicyRule
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                PolicyRule.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.PolicyRule();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.anyPeer = value;
                                else
                                    delete message.anyPeer;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.peerGroups && message.peerGroups.length))
                                    message.peerGroups = [];
                                message.peerGroups.push(reader.stringVerify());
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.blocks && message.blocks.length))
                                    message.blocks = [];
                                message.blocks.push($root.kaji.agent.v1.PolicyBlock.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.anyPort = value;
                                else
                                    delete message.anyPort;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.ports && message.ports.length))
                                    message.ports = [];
                                message.ports.push($root.kaji.agent.v1.PolicyPorts.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 6: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.names && message.names.length))
                                    message.names = [];
                                message.names.push($root.kaji.agent.v1.NamedPort.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 7: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.destinationGroups && message.destinationGroups.length))
                                    message.destinationGroups = [];
                                message.destinationGroups.push(reader.stringVerify());
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return PolicyRule;
            })();

            v1.PolicyBlock = (function() {

                /**
                 * Properties of a PolicyBlock.
                 * @typedef {Object} kaji.agent.v1.PolicyBlock.$Properties
                 * @property {string|null} [cidr] PolicyBlock cidr
                 * @property {Array.<string>|null} [except] PolicyBlock except
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a PolicyBlock.
                 * @memberof kaji.agent.v1
                 * @interface IPolicyBlock
                 * @augments kaji.agent.v1.PolicyBlock.$Properties
                 * @deprecated Use kaji.agent.v1.PolicyBlock.$Properties instead.
                 */

                /**
                 * Shape of a PolicyBlock.
                 * @typedef {kaji.agent.v1.PolicyBlock.$Properties} kaji.agent.v1.PolicyBlock.$Shape
                 */

                /**
                 * Constructs a new PolicyBlock.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a PolicyBlock.
                 * @constructor
                 * @param {kaji.agent.v1.PolicyBlock.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const PolicyBlock = function (properties) {
                    this.except = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * PolicyBlock cidr.
                 * @member {string} cidr
                 * @memberof kaji.agent.v1.PolicyBlock
                 * @instance
                 */
                PolicyBlock.prototype.cidr = "";

                /**
                 * PolicyBlock except.
                 * @member {Array.<string>} except
                 * @memberof kaji.agent.v1.PolicyBlock
                 * @instance
                 */
                PolicyBlock.prototype.except = $util.emptyArray;

                /**
                 * Creates a new PolicyBlock instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.PolicyBlock
                 * @static
                 * @param {kaji.agent.v1.PolicyBlock.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.PolicyBlock} PolicyBlock instance
                 * @type {{
                 *   (properties: kaji.agent.v1.PolicyBlock.$Shape): kaji.agent.v1.PolicyBlock & kaji.agent.v1.PolicyBlock.$Shape;
                 *   (properties?: kaji.agent.v1.PolicyBlock.$Properties): kaji.agent.v1.PolicyBlock;
                 * }}
                 */
                PolicyBlock.create = function(properties) {
                    return new PolicyBlock(properties);
                };

                /**
                 * Encodes the specified PolicyBlock message. Does not implicitly {@link kaji.agent.v1.PolicyBlock.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.PolicyBlock
                 * @static
                 * @param {kaji.agent.v1.PolicyBlock.$Properties} message PolicyBlock message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                PolicyBlock.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.cidr != null && $Object.hasOwnProperty.call(message, "cidr") && message.cidr !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.cidr);
                    if (message.except != null && message.except.length)
                        for (let i = 0; i < message.except.length; ++i)
                            writer.uint32(/* id 2, wireType 2 =*/18).string(message.except[i]);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a PolicyBlock message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.PolicyBlock
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PolicyBlock & kaji.agent.v1.PolicyBlock.$Shape} PolicyBlock
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                PolicyBlock.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.PolicyBlock();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.cidr = value;
                                else
                                    delete message.cidr;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.except && message.except.length))
                                    message.except = [];
                                message.except.push(reader.stringVerify());
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return PolicyBlock;
            })();

            v1.PolicyPorts = (function() {

                /**
                 * Properties of a PolicyPorts.
                 * @typedef {Object} kaji.agent.v1.PolicyPorts.$Properties
                 * @property {string|null} [protocol] PolicyPorts protocol
                 * @property {number|null} [first] PolicyPorts first
                 * @property {number|null} [last] PolicyPorts last
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a PolicyPorts.
                 * @memberof kaji.agent.v1
                 * @interface IPolicyPorts
                 * @augments kaji.agent.v1.PolicyPorts.$Properties
                 * @deprecated Use kaji.agent.v1.PolicyPorts.$Properties instead.
                 */

                /**
                 * Shape of a PolicyPorts.
                 * @typedef {kaji.agent.v1.PolicyPorts.$Properties} kaji.agent.v1.PolicyPorts.$Shape
                 */

                /**
                 * Constructs a new PolicyPorts.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a PolicyPorts.
                 * @constructor
                 * @param {kaji.agent.v1.PolicyPorts.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const PolicyPorts = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * PolicyPorts protocol.
                 * @member {string} protocol
                 * @memberof kaji.agent.v1.PolicyPorts
                 * @instance
                 */
                PolicyPorts.prototype.protocol = "";

                /**
                 * PolicyPorts first.
                 * @member {number} first
                 * @memberof kaji.agent.v1.PolicyPorts
                 * @instance
                 */
                PolicyPorts.prototype.first = 0;

                /**
                 * PolicyPorts last.
                 * @member {number} last
                 * @memberof kaji.agent.v1.PolicyPorts
                 * @instance
                 */
                PolicyPorts.prototype.last = 0;

                /**
                 * Creates a new PolicyPorts instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.PolicyPorts
                 * @static
                 * @param {kaji.agent.v1.PolicyPorts.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.PolicyPorts} PolicyPorts instance
                 * @type {{
                 *   (properties: kaji.agent.v1.PolicyPorts.$Shape): kaji.agent.v1.PolicyPorts & kaji.agent.v1.PolicyPorts.$Shape;
                 *   (properties?: kaji.agent.v1.PolicyPorts.$Properties): kaji.agent.v1.PolicyPorts;
                 * }}
                 */
                PolicyPorts.create = function(properties) {
                    return new PolicyPorts(properties);
                };

                /**
                 * Encodes the specified PolicyPorts message. Does not implicitly {@link kaji.agent.v1.PolicyPorts.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.PolicyPorts
                 * @static
                 * @param {kaji.agent.v1.PolicyPorts.$Properties} message PolicyPorts message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                PolicyPorts.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.protocol != null && $Object.hasOwnProperty.call(message, "protocol") && message.protocol !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.protocol);
                    if (message.first != null && $Object.hasOwnProperty.call(message, "first") && message.first !== 0)
                        writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.first);
                    if (message.last != null && $Object.hasOwnProperty.call(message, "last") && message.last !== 0)
                        writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.last);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a PolicyPorts message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.PolicyPorts
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PolicyPorts & kaji.agent.v1.PolicyPorts.$Shape} PolicyPorts
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                PolicyPorts.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.PolicyPorts();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.protocol = value;
                                else
                                    delete message.protocol;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.first = value;
                                else
                                    delete message.first;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.last = value;
                                else
                                    delete message.last;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return PolicyPorts;
            })();

            v1.PolicyGroup = (function() {

                /**
                 * Properties of a PolicyGroup.
                 * @typedef {Object} kaji.agent.v1.PolicyGroup.$Properties
                 * @property {string|null} [id] PolicyGroup id
                 * @property {boolean|null} [isFull] PolicyGroup isFull
                 * @property {boolean|null} [hasPorts] PolicyGroup hasPorts
                 * @property {Array.<string>|null} [members] PolicyGroup members
                 * @property {Array.<string>|null} [removed] PolicyGroup removed
                 * @property {boolean|null} [isGone] PolicyGroup isGone
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a PolicyGroup.
                 * @memberof kaji.agent.v1
                 * @interface IPolicyGroup
                 * @augments kaji.agent.v1.PolicyGroup.$Properties
                 * @deprecated Use kaji.agent.v1.PolicyGroup.$Properties instead.
                 */

                /**
                 * Shape of a PolicyGroup.
                 * @typedef {kaji.agent.v1.PolicyGroup.$Properties} kaji.agent.v1.PolicyGroup.$Shape
                 */

                /**
                 * Constructs a new PolicyGroup.
                 * @memberof kaji.agent.v1
                 * @classdesc Represents a PolicyGroup.
                 * @constructor
                 * @param {kaji.agent.v1.PolicyGroup.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const PolicyGroup = function (properties) {
                    this.members = [];
                    this.removed = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * PolicyGroup id.
                 * @member {string} id
                 * @memberof kaji.agent.v1.PolicyGroup
                 * @instance
                 */
                PolicyGroup.prototype.id = "";

                /**
                 * PolicyGroup isFull.
                 * @member {boolean} isFull
                 * @memberof kaji.agent.v1.PolicyGroup
                 * @instance
                 */
                PolicyGroup.prototype.isFull = false;

                /**
                 * PolicyGroup hasPorts.
                 * @member {boolean} hasPorts
                 * @memberof kaji.agent.v1.PolicyGroup
                 * @instance
                 */
                PolicyGroup.prototype.hasPorts = false;

                /**
                 * PolicyGroup members.
                 * @member {Array.<string>} members
                 * @memberof kaji.agent.v1.PolicyGroup
                 * @instance
                 */
                PolicyGroup.prototype.members = $util.emptyArray;

                /**
                 * PolicyGroup removed.
                 * @member {Array.<string>} removed
                 * @memberof kaji.agent.v1.PolicyGroup
                 * @instance
                 */
                PolicyGroup.prototype.removed = $util.emptyArray;

                /**
                 * PolicyGroup isGone.
                 * @member {boolean} isGone
                 * @memberof kaji.agent.v1.PolicyGroup
                 * @instance
                 */
                PolicyGroup.prototype.isGone = false;

                /**
                 * Creates a new PolicyGroup instance using the specified properties.
                 * @function create
                 * @memberof kaji.agent.v1.PolicyGroup
                 * @static
                 * @param {kaji.agent.v1.PolicyGroup.$Properties=} [properties] Properties to set
                 * @returns {kaji.agent.v1.PolicyGroup} PolicyGroup instance
                 * @type {{
                 *   (properties: kaji.agent.v1.PolicyGroup.$Shape): kaji.agent.v1.PolicyGroup & kaji.agent.v1.PolicyGroup.$Shape;
                 *   (properties?: kaji.agent.v1.PolicyGroup.$Properties): kaji.agent.v1.PolicyGroup;
                 * }}
                 */
                PolicyGroup.create = function(properties) {
                    return new PolicyGroup(properties);
                };

                /**
                 * Encodes the specified PolicyGroup message. Does not implicitly {@link kaji.agent.v1.PolicyGroup.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.agent.v1.PolicyGroup
                 * @static
                 * @param {kaji.agent.v1.PolicyGroup.$Properties} message PolicyGroup message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                PolicyGroup.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.id);
                    if (message.isFull != null && $Object.hasOwnProperty.call(message, "isFull") && message.isFull !== false)
                        writer.uint32(/* id 2, wireType 0 =*/16).bool(message.isFull);
                    if (message.hasPorts != null && $Object.hasOwnProperty.call(message, "hasPorts") && message.hasPorts !== false)
                        writer.uint32(/* id 3, wireType 0 =*/24).bool(message.hasPorts);
                    if (message.members != null && message.members.length)
                        for (let i = 0; i < message.members.length; ++i)
                            writer.uint32(/* id 4, wireType 2 =*/34).string(message.members[i]);
                    if (message.removed != null && message.removed.length)
                        for (let i = 0; i < message.removed.length; ++i)
                            writer.uint32(/* id 5, wireType 2 =*/42).string(message.removed[i]);
                    if (message.isGone != null && $Object.hasOwnProperty.call(message, "isGone") && message.isGone !== false)
                        writer.uint32(/* id 6, wireType 0 =*/48).bool(message.isGone);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a PolicyGroup message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.agent.v1.PolicyGroup
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.agent.v1.PolicyGroup & kaji.agent.v1.PolicyGroup.$Shape} PolicyGroup
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                PolicyGroup.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.kaji.agent.v1.PolicyGroup();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.id = value;
                                else
                                    delete message.id;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.isFull = value;
                                else
                                    delete message.isFull;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.hasPorts = value;
                                else
                                    delete message.hasPorts;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.members && message.members.length))
                                    message.members = [];
                                message.members.push(reader.stringVerify());
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.removed && message.removed.length))
                                    message.removed = [];
                                message.removed.push(reader.stringVerify());
                                continue;
                            }
                        case 6: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.isGone = value;
                                else
                                    delete message.isGone;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return PolicyGroup;
            })();

            return v1;
        })();

        return agent;
    })();

    return kaji;
})();

export {
  $root as default
};
