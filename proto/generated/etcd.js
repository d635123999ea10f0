/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["kaji-etcd"] || ($protobuf.roots["kaji-etcd"] = {});

export const kaji = $root.kaji = (() => {

    /**
     * Namespace kaji.
     * @exports kaji
     * @namespace
     */
    const kaji = {};

    kaji.etcd = (function() {

        /**
         * Namespace etcd.
         * @memberof kaji
         * @namespace
         */
        const etcd = {};

        etcd.v3 = (function() {

            /**
             * Namespace v3.
             * @memberof kaji.etcd
             * @namespace
             */
            const v3 = {};

            v3.ResponseHeader = (function() {

                /**
                 * Properties of a ResponseHeader.
                 * @typedef {Object} kaji.etcd.v3.ResponseHeader.$Properties
                 * @property {number|null} [memberId] ResponseHeader memberId
                 * @property {number|null} [revision] ResponseHeader revision
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a ResponseHeader.
                 * @memberof kaji.etcd.v3
                 * @interface IResponseHeader
                 * @augments kaji.etcd.v3.ResponseHeader.$Properties
                 * @deprecated Use kaji.etcd.v3.ResponseHeader.$Properties instead.
                 */

                /**
                 * Shape of a ResponseHeader.
                 * @typedef {kaji.etcd.v3.ResponseHeader.$Properties} kaji.etcd.v3.ResponseHeader.$Shape
                 */

                /**
                 * Constructs a new ResponseHeader.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a ResponseHeader.
                 * @constructor
                 * @param {kaji.etcd.v3.ResponseHeader.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const ResponseHeader = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * ResponseHeader memberId.
                 * @member {number} memberId
                 * @memberof kaji.etcd.v3.ResponseHeader
                 * @instance
                 */
                ResponseHeader.prototype.memberId = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * ResponseHeader revision.
                 * @member {number} revision
                 * @memberof kaji.etcd.v3.ResponseHeader
                 * @instance
                 */
                ResponseHeader.prototype.revision = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * Creates a new ResponseHeader instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.ResponseHeader
                 * @static
                 * @param {kaji.etcd.v3.ResponseHeader.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.ResponseHeader} ResponseHeader instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.ResponseHeader.$Shape): kaji.etcd.v3.ResponseHeader & kaji.etcd.v3.ResponseHeader.$Shape;
                 *   (properties?: kaji.etcd.v3.ResponseHeader.$Properties): kaji.etcd.v3.ResponseHeader;
                 * }}
                 */
                ResponseHeader.create = function(properties) {
                    return new ResponseHeader(properties);
                };

                /**
                 * Encodes the specified ResponseHeader message. Does not implicitly {@link kaji.etcd.v3.ResponseHeader.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.ResponseHeader
                 * @static
                 * @param {kaji.etcd.v3.ResponseHeader.$Properties} message ResponseHeader message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                ResponseHeader.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.memberId != null && $Object.hasOwnProperty.call(message, "memberId") && (typeof message.memberId === "object" ? message.memberId.low || message.memberId.high : message.memberId !== 0))
                        writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.memberId);
                    if (message.revision != null && $Object.hasOwnProperty.call(message, "revision") && (typeof message.revision === "object" ? message.revision.low || message.revision.high : message.revision !== 0))
                        writer.uint32(/* id 3, wireType 0 =*/24).int64(message.revision);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a ResponseHeader message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.ResponseHeader
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.ResponseHeader & kaji.etcd.v3.ResponseHeader.$Shape} ResponseHeader
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                ResponseHeader.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.ResponseHeader();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.memberId = value;
                                else
                                    delete message.memberId;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.revision = value;
                                else
                                    delete message.revision;
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

                return ResponseHeader;
            })();

            v3.KeyValue = (function() {

                /**
                 * Properties of a KeyValue.
                 * @typedef {Object} kaji.etcd.v3.KeyValue.$Properties
                 * @property {Uint8Array|null} [key] KeyValue key
                 * @property {number|null} [createRevision] KeyValue createRevision
                 * @property {number|null} [modRevision] KeyValue modRevision
                 * @property {number|null} [version] KeyValue version
                 * @property {Uint8Array|null} [value] KeyValue value
                 * @property {number|null} [lease] KeyValue lease
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a KeyValue.
                 * @memberof kaji.etcd.v3
                 * @interface IKeyValue
                 * @augments kaji.etcd.v3.KeyValue.$Properties
                 * @deprecated Use kaji.etcd.v3.KeyValue.$Properties instead.
                 */

                /**
                 * Shape of a KeyValue.
                 * @typedef {kaji.etcd.v3.KeyValue.$Properties} kaji.etcd.v3.KeyValue.$Shape
                 */

                /**
                 * Constructs a new KeyValue.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a KeyValue.
                 * @constructor
                 * @param {kaji.etcd.v3.KeyValue.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const KeyValue = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * KeyValue key.
                 * @member {Uint8Array} key
                 * @memberof kaji.etcd.v3.KeyValue
                 * @instance
                 */
                KeyValue.prototype.key = $util.newBuffer([]);

                /**
                 * KeyValue createRevision.
                 * @member {number} createRevision
                 * @memberof kaji.etcd.v3.KeyValue
                 * @instance
                 */
                KeyValue.prototype.createRevision = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * KeyValue modRevision.
                 * @member {number} modRevision
                 * @memberof kaji.etcd.v3.KeyValue
                 * @instance
                 */
                KeyValue.prototype.modRevision = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * KeyValue version.
                 * @member {number} version
                 * @memberof kaji.etcd.v3.KeyValue
                 * @instance
                 */
                KeyValue.prototype.version = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * KeyValue value.
                 * @member {Uint8Array} value
                 * @memberof kaji.etcd.v3.KeyValue
                 * @instance
                 */
                KeyValue.prototype.value = $util.newBuffer([]);

                /**
                 * KeyValue lease.
                 * @member {number} lease
                 * @memberof kaji.etcd.v3.KeyValue
                 * @instance
                 */
                KeyValue.prototype.lease = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * Creates a new KeyValue instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.KeyValue
                 * @static
                 * @param {kaji.etcd.v3.KeyValue.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.KeyValue} KeyValue instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.KeyValue.$Shape): kaji.etcd.v3.KeyValue & kaji.etcd.v3.KeyValue.$Shape;
                 *   (properties?: kaji.etcd.v3.KeyValue.$Properties): kaji.etcd.v3.KeyValue;
                 * }}
                 */
                KeyValue.create = function(properties) {
                    return new KeyValue(properties);
                };

                /**
                 * Encodes the specified KeyValue message. Does not implicitly {@link kaji.etcd.v3.KeyValue.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.KeyValue
                 * @static
                 * @param {kaji.etcd.v3.KeyValue.$Properties} message KeyValue message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                KeyValue.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                        writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.key);
                    if (message.createRevision != null && $Object.hasOwnProperty.call(message, "createRevision") && (typeof message.createRevision === "object" ? message.createRevision.low || message.createRevision.high : message.createRevision !== 0))
                        writer.uint32(/* id 2, wireType 0 =*/16).int64(message.createRevision);
                    if (message.modRevision != null && $Object.hasOwnProperty.call(message, "modRevision") && (typeof message.modRevision === "object" ? message.modRevision.low || message.modRevision.high : message.modRevision !== 0))
                        writer.uint32(/* id 3, wireType 0 =*/24).int64(message.modRevision);
                    if (message.version != null && $Object.hasOwnProperty.call(message, "version") && (typeof message.version === "object" ? message.version.low || message.version.high : message.version !== 0))
                        writer.uint32(/* id 4, wireType 0 =*/32).int64(message.version);
                    if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                        writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.value);
                    if (message.lease != null && $Object.hasOwnProperty.call(message, "lease") && (typeof message.lease === "object" ? message.lease.low || message.lease.high : message.lease !== 0))
                        writer.uint32(/* id 6, wireType 0 =*/48).int64(message.lease);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a KeyValue message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.KeyValue
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.KeyValue & kaji.etcd.v3.KeyValue.$Shape} KeyValue
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                KeyValue.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.KeyValue();
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
                                    message.key = value;
                                else
                                    delete message.key;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.createRevision = value;
                                else
                                    delete message.createRevision;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.modRevision = value;
                                else
                                    delete message.modRevision;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.version = value;
                                else
                                    delete message.version;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.value = value;
                                else
                                    delete message.value;
                                continue;
                            }
                        case 6: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.lease = value;
                                else
                                    delete message.lease;
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

                return KeyValue;
            })();

            v3.RangeRequest = (function() {

                /**
                 * Properties of a RangeRequest.
                 * @typedef {Object} kaji.etcd.v3.RangeRequest.$Properties
                 * @property {Uint8Array|null} [key] RangeRequest key
                 * @property {Uint8Array|null} [rangeEnd] RangeRequest rangeEnd
                 * @property {number|null} [limit] RangeRequest limit
                 * @property {number|null} [revision] RangeRequest revision
                 * @property {boolean|null} [keysOnly] RangeRequest keysOnly
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a RangeRequest.
                 * @memberof kaji.etcd.v3
                 * @interface IRangeRequest
                 * @augments kaji.etcd.v3.RangeRequest.$Properties
                 * @deprecated Use kaji.etcd.v3.RangeRequest.$Properties instead.
                 */

                /**
                 * Shape of a RangeRequest.
                 * @typedef {kaji.etcd.v3.RangeRequest.$Properties} kaji.etcd.v3.RangeRequest.$Shape
                 */

                /**
                 * Constructs a new RangeRequest.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a RangeRequest.
                 * @constructor
                 * @param {kaji.etcd.v3.RangeRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const RangeRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * RangeRequest key.
                 * @member {Uint8Array} key
                 * @memberof kaji.etcd.v3.RangeRequest
                 * @instance
                 */
                RangeRequest.prototype.key = $util.newBuffer([]);

                /**
                 * RangeRequest rangeEnd.
                 * @member {Uint8Array} rangeEnd
                 * @memberof kaji.etcd.v3.RangeRequest
                 * @instance
                 */
                RangeRequest.prototype.rangeEnd = $util.newBuffer([]);

                /**
                 * RangeRequest limit.
                 * @member {number} limit
                 * @memberof kaji.etcd.v3.RangeRequest
                 * @instance
                 */
                RangeRequest.prototype.limit = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * RangeRequest revision.
                 * @member {number} revision
                 * @memberof kaji.etcd.v3.RangeRequest
                 * @instance
                 */
                RangeRequest.prototype.revision = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * RangeRequest keysOnly.
                 * @member {boolean} keysOnly
                 * @memberof kaji.etcd.v3.RangeRequest
                 * @instance
                 */
                RangeRequest.prototype.keysOnly = false;

                /**
                 * Creates a new RangeRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.RangeRequest
                 * @static
                 * @param {kaji.etcd.v3.RangeRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.RangeRequest} RangeRequest instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.RangeRequest.$Shape): kaji.etcd.v3.RangeRequest & kaji.etcd.v3.RangeRequest.$Shape;
                 *   (properties?: kaji.etcd.v3.RangeRequest.$Properties): kaji.etcd.v3.RangeRequest;
                 * }}
                 */
                RangeRequest.create = function(properties) {
                    return new RangeRequest(properties);
                };

                /**
                 * Encodes the specified RangeRequest message. Does not implicitly {@link kaji.etcd.v3.RangeRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.RangeRequest
                 * @static
                 * @param {kaji.etcd.v3.RangeRequest.$Properties} message RangeRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                RangeRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                        writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.key);
                    if (message.rangeEnd != null && $Object.hasOwnProperty.call(message, "rangeEnd") && message.rangeEnd.length)
                        writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.rangeEnd);
                    if (message.limit != null && $Object.hasOwnProperty.call(message, "limit") && (typeof message.limit === "object" ? message.limit.low || message.limit.high : message.limit !== 0))
                        writer.uint32(/* id 3, wireType 0 =*/24).int64(message.limit);
                    if (message.revision != null && $Object.hasOwnProperty.call(message, "revision") && (typeof message.revision === "object" ? message.revision.low || message.revision.high : message.revision !== 0))
                        writer.uint32(/* id 4, wireType 0 =*/32).int64(message.revision);
                    if (message.keysOnly != null && $Object.hasOwnProperty.call(message, "keysOnly") && message.keysOnly !== false)
                        writer.uint32(/* id 8, wireType 0 =*/64).bool(message.keysOnly);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a RangeRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.RangeRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.RangeRequest & kaji.etcd.v3.RangeRequest.$Shape} RangeRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                RangeRequest.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.RangeRequest();
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
                                    message.key = value;
                                else
                                    delete message.key;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.rangeEnd = value;
                                else
                                    delete message.rangeEnd;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.limit = value;
                                else
                                    delete message.limit;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.revision = value;
                                else
                                    delete message.revision;
                                continue;
                            }
                        case 8: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.keysOnly = value;
                                else
                                    delete message.keysOnly;
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

                return RangeRequest;
            })();

            v3.RangeResponse = (function() {

                /**
                 * Properties of a RangeResponse.
                 * @typedef {Object} kaji.etcd.v3.RangeResponse.$Properties
                 * @property {kaji.etcd.v3.ResponseHeader.$Properties|null} [header] RangeResponse header
                 * @property {Array.<kaji.etcd.v3.KeyValue.$Properties>|null} [kvs] RangeResponse kvs
                 * @property {boolean|null} [more] RangeResponse more
                 * @property {number|null} [count] RangeResponse count
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a RangeResponse.
                 * @memberof kaji.etcd.v3
                 * @interface IRangeResponse
                 * @augments kaji.etcd.v3.RangeResponse.$Properties
                 * @deprecated Use kaji.etcd.v3.RangeResponse.$Properties instead.
                 */

                /**
                 * Shape of a RangeResponse.
                 * @typedef {kaji.etcd.v3.RangeResponse.$Properties} kaji.etcd.v3.RangeResponse.$Shape
                 */

                /**
                 * Constructs a new RangeResponse.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a RangeResponse.
                 * @constructor
                 * @param {kaji.etcd.v3.RangeResponse.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const RangeResponse = function (properties) {
                    this.kvs = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * RangeResponse header.
                 * @member {kaji.etcd.v3.ResponseHeader.$Properties|null|undefined} header
                 * @memberof kaji.etcd.v3.RangeResponse
                 * @instance
                 */
                RangeResponse.prototype.header = null;

                /**
                 * RangeResponse kvs.
                 * @member {Array.<kaji.etcd.v3.KeyValue.$Properties>} kvs
                 * @memberof kaji.etcd.v3.RangeResponse
                 * @instance
                 */
                RangeResponse.prototype.kvs = $util.emptyArray;

                /**
                 * RangeResponse more.
                 * @member {boolean} more
                 * @memberof kaji.etcd.v3.RangeResponse
                 * @instance
                 */
                RangeResponse.prototype.more = false;

                /**
                 * RangeResponse count.
                 * @member {number} count
                 * @memberof kaji.etcd.v3.RangeResponse
                 * @instance
                 */
                RangeResponse.prototype.count = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * Creates a new RangeResponse instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.RangeResponse
                 * @static
                 * @param {kaji.etcd.v3.RangeResponse.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.RangeResponse} RangeResponse instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.RangeResponse.$Shape): kaji.etcd.v3.RangeResponse & kaji.etcd.v3.RangeResponse.$Shape;
                 *   (properties?: kaji.etcd.v3.RangeResponse.$Properties): kaji.etcd.v3.RangeResponse;
                 * }}
                 */
                RangeResponse.create = function(properties) {
                    return new RangeResponse(properties);
                };

                /**
                 * Encodes the specified RangeResponse message. Does not implicitly {@link kaji.etcd.v3.RangeResponse.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.RangeResponse
                 * @static
                 * @param {kaji.etcd.v3.RangeResponse.$Properties} message RangeResponse message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                RangeResponse.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                        $root.kaji.etcd.v3.ResponseHeader.encode(message.header, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                    if (message.kvs != null && message.kvs.length)
                        for (let i = 0; i < message.kvs.length; ++i)
                            $root.kaji.etcd.v3.KeyValue.encode(message.kvs[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                    if (message.more != null && $Object.hasOwnProperty.call(message, "more") && message.more !== false)
                        writer.uint32(/* id 3, wireType 0 =*/24).bool(message.more);
                    if (message.count != null && $Object.hasOwnProperty.call(message, "count") && (typeof message.count === "object" ? message.count.low || message.count.high : message.count !== 0))
                        writer.uint32(/* id 4, wireType 0 =*/32).int64(message.count);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a RangeResponse message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.RangeResponse
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.RangeResponse & kaji.etcd.v3.RangeResponse.$Shape} RangeResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                RangeResponse.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.RangeResponse();
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
                                message.header = $root.kaji.etcd.v3.ResponseHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.kvs && message.kvs.length))
                                    message.kvs = [];
                                message.kvs.push($root.kaji.etcd.v3.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.more = value;
                                else
                                    delete message.more;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.count = value;
                                else
                                    delete message.count;
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

                return RangeResponse;
            })();

            v3.PutRequest = (function() {

                /**
                 * Properties of a PutRequest.
                 * @typedef {Object} kaji.etcd.v3.PutRequest.$Properties
                 * @property {Uint8Array|null} [key] PutRequest key
                 * @property {Uint8Array|null} [value] PutRequest value
                 * @property {number|null} [lease] PutRequest lease
                 * @property {boolean|null} [prevKv] PutRequest prevKv
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a PutRequest.
                 * @memberof kaji.etcd.v3
                 * @interface IPutRequest
                 * @augments kaji.etcd.v3.PutRequest.$Properties
                 * @deprecated Use kaji.etcd.v3.PutRequest.$Properties instead.
                 */

                /**
                 * Shape of a PutRequest.
                 * @typedef {kaji.etcd.v3.PutRequest.$Properties} kaji.etcd.v3.PutRequest.$Shape
                 */

                /**
                 * Constructs a new PutRequest.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a PutRequest.
                 * @constructor
                 * @param {kaji.etcd.v3.PutRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const PutRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * PutRequest key.
                 * @member {Uint8Array} key
                 * @memberof kaji.etcd.v3.PutRequest
                 * @instance
                 */
                PutRequest.prototype.key = $util.newBuffer([]);

                /**
                 * PutRequest value.
                 * @member {Uint8Array} value
                 * @memberof kaji.etcd.v3.PutRequest
                 * @instance
                 */
                PutRequest.prototype.value = $util.newBuffer([]);

                /**
                 * PutRequest lease.
                 * @member {number} lease
                 * @memberof kaji.etcd.v3.PutRequest
                 * @instance
                 */
                PutRequest.prototype.lease = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * PutRequest prevKv.
                 * @member {boolean} prevKv
                 * @memberof kaji.etcd.v3.PutRequest
                 * @instance
                 */
                PutRequest.prototype.prevKv = false;

                /**
                 * Creates a new PutRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.PutRequest
                 * @static
                 * @param {kaji.etcd.v3.PutRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.PutRequest} PutRequest instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.PutRequest.$Shape): kaji.etcd.v3.PutRequest & kaji.etcd.v3.PutRequest.$Shape;
                 *   (properties?: kaji.etcd.v3.PutRequest.$Properties): kaji.etcd.v3.PutRequest;
                 * }}
                 */
                PutRequest.create = function(properties) {
                    return new PutRequest(properties);
                };

                /**
                 * Encodes the specified PutRequest message. Does not implicitly {@link kaji.etcd.v3.PutRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.PutRequest
                 * @static
                 * @param {kaji.etcd.v3.PutRequest.$Properties} message PutRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                PutRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                        writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.key);
                    if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
                        writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.value);
                    if (message.lease != null && $Object.hasOwnProperty.call(message, "lease") && (typeof message.lease === "object" ? message.lease.low || message.lease.high : message.lease !== 0))
                        writer.uint32(/* id 3, wireType 0 =*/24).int64(message.lease);
                    if (message.prevKv != null && $Object.hasOwnProperty.call(message, "prevKv") && message.prevKv !== false)
                        writer.uint32(/* id 4, wireType 0 =*/32).bool(message.prevKv);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a PutRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.PutRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.PutRequest & kaji.etcd.v3.PutRequest.$Shape} PutRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                PutRequest.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.PutRequest();
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
                                    message.key = value;
                                else
                                    delete message.key;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.value = value;
                                else
                                    delete message.value;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.lease = value;
                                else
                                    delete message.lease;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.prevKv = value;
                                else
                                    delete message.prevKv;
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

                return PutRequest;
            })();

            v3.PutResponse = (function() {

                /**
                 * Properties of a PutResponse.
                 * @typedef {Object} kaji.etcd.v3.PutResponse.$Properties
                 * @property {kaji.etcd.v3.KeyValue.$Properties|null} [prevKv] PutResponse prevKv
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a PutResponse.
                 * @memberof kaji.etcd.v3
                 * @interface IPutResponse
                 * @augments kaji.etcd.v3.PutResponse.$Properties
                 * @deprecated Use kaji.etcd.v3.PutResponse.$Properties instead.
                 */

                /**
                 * Shape of a PutResponse.
                 * @typedef {kaji.etcd.v3.PutResponse.$Properties} kaji.etcd.v3.PutResponse.$Shape
                 */

                /**
                 * Constructs a new PutResponse.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a PutResponse.
                 * @constructor
                 * @param {kaji.etcd.v3.PutResponse.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const PutResponse = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * PutResponse prevKv.
                 * @member {kaji.etcd.v3.KeyValue.$Properties|null|undefined} prevKv
                 * @memberof kaji.etcd.v3.PutResponse
                 * @instance
                 */
                PutResponse.prototype.prevKv = null;

                /**
                 * Creates a new PutResponse instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.PutResponse
                 * @static
                 * @param {kaji.etcd.v3.PutResponse.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.PutResponse} PutResponse instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.PutResponse.$Shape): kaji.etcd.v3.PutResponse & kaji.etcd.v3.PutResponse.$Shape;
                 *   (properties?: kaji.etcd.v3.PutResponse.$Properties): kaji.etcd.v3.PutResponse;
                 * }}
                 */
                PutResponse.create = function(properties) {
                    return new PutResponse(properties);
                };

                /**
                 * Encodes the specified PutResponse message. Does not implicitly {@link kaji.etcd.v3.PutResponse.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.PutResponse
                 * @static
                 * @param {kaji.etcd.v3.PutResponse.$Properties} message PutResponse message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                PutResponse.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.prevKv != null && $Object.hasOwnProperty.call(message, "prevKv"))
                        $root.kaji.etcd.v3.KeyValue.encode(message.prevKv, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a PutResponse message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.PutResponse
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.PutResponse & kaji.etcd.v3.PutResponse.$Shape} PutResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                PutResponse.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.PutResponse();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                message.prevKv = $root.kaji.etcd.v3.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1, message.prevKv);
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

                return PutResponse;
            })();

            v3.DeleteRangeRequest = (function() {

                /**
                 * Properties of a DeleteRangeRequest.
                 * @typedef {Object} kaji.etcd.v3.DeleteRangeRequest.$Properties
                 * @property {Uint8Array|null} [key] DeleteRangeRequest key
                 * @property {boolean|null} [prevKv] DeleteRangeRequest prevKv
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a DeleteRangeRequest.
                 * @memberof kaji.etcd.v3
                 * @interface IDeleteRangeRequest
                 * @augments kaji.etcd.v3.DeleteRangeRequest.$Properties
                 * @deprecated Use kaji.etcd.v3.DeleteRangeRequest.$Properties instead.
                 */

                /**
                 * Shape of a DeleteRangeRequest.
                 * @typedef {kaji.etcd.v3.DeleteRangeRequest.$Properties} kaji.etcd.v3.DeleteRangeRequest.$Shape
                 */

                /**
                 * Constructs a new DeleteRangeRequest.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a DeleteRangeRequest.
                 * @constructor
                 * @param {kaji.etcd.v3.DeleteRangeRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const DeleteRangeRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * DeleteRangeRequest key.
                 * @member {Uint8Array} key
                 * @memberof kaji.etcd.v3.DeleteRangeRequest
                 * @instance
                 */
                DeleteRangeRequest.prototype.key = $util.newBuffer([]);

                /**
                 * DeleteRangeRequest prevKv.
                 * @member {boolean} prevKv
                 * @memberof kaji.etcd.v3.DeleteRangeRequest
                 * @instance
                 */
                DeleteRangeRequest.prototype.prevKv = false;

                /**
                 * Creates a new DeleteRangeRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.DeleteRangeRequest
                 * @static
                 * @param {kaji.etcd.v3.DeleteRangeRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.DeleteRangeRequest} DeleteRangeRequest instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.DeleteRangeRequest.$Shape): kaji.etcd.v3.DeleteRangeRequest & kaji.etcd.v3.DeleteRangeRequest.$Shape;
                 *   (properties?: kaji.etcd.v3.DeleteRangeRequest.$Properties): kaji.etcd.v3.DeleteRangeRequest;
                 * }}
                 */
                DeleteRangeRequest.create = function(properties) {
                    return new DeleteRangeRequest(properties);
                };

                /**
                 * Encodes the specified DeleteRangeRequest message. Does not implicitly {@link kaji.etcd.v3.DeleteRangeRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.DeleteRangeRequest
                 * @static
                 * @param {kaji.etcd.v3.DeleteRangeRequest.$Properties} message DeleteRangeRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                DeleteRangeRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                        writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.key);
                    if (message.prevKv != null && $Object.hasOwnProperty.call(message, "prevKv") && message.prevKv !== false)
                        writer.uint32(/* id 3, wireType 0 =*/24).bool(message.prevKv);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a DeleteRangeRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.DeleteRangeRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.DeleteRangeRequest & kaji.etcd.v3.DeleteRangeRequest.$Shape} DeleteRangeRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                DeleteRangeRequest.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.DeleteRangeRequest();
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
                                    message.key = value;
                                else
                                    delete message.key;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.prevKv = value;
                                else
                                    delete message.prevKv;
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

                return DeleteRangeRequest;
            })();

            v3.DeleteRangeResponse = (function() {

                /**
                 * Properties of a DeleteRangeResponse.
                 * @typedef {Object} kaji.etcd.v3.DeleteRangeResponse.$Properties
                 * @property {Array.<kaji.etcd.v3.KeyValue.$Properties>|null} [prevKvs] DeleteRangeResponse prevKvs
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a DeleteRangeResponse.
                 * @memberof kaji.etcd.v3
                 * @interface IDeleteRangeResponse
                 * @augments kaji.etcd.v3.DeleteRangeResponse.$Properties
                 * @deprecated Use kaji.etcd.v3.DeleteRangeResponse.$Properties instead.
                 */

                /**
                 * Shape of a DeleteRangeResponse.
                 * @typedef {kaji.etcd.v3.DeleteRangeResponse.$Properties} kaji.etcd.v3.DeleteRangeResponse.$Shape
                 */

                /**
                 * Constructs a new DeleteRangeResponse.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a DeleteRangeResponse.
                 * @constructor
                 * @param {kaji.etcd.v3.DeleteRangeResponse.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const DeleteRangeResponse = function (properties) {
                    this.prevKvs = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * DeleteRangeResponse prevKvs.
                 * @member {Array.<kaji.etcd.v3.KeyValue.$Properties>} prevKvs
                 * @memberof kaji.etcd.v3.DeleteRangeResponse
                 * @instance
                 */
                DeleteRangeResponse.prototype.prevKvs = $util.emptyArray;

                /**
                 * Creates a new DeleteRangeResponse instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.DeleteRangeResponse
                 * @static
                 * @param {kaji.etcd.v3.DeleteRangeResponse.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.DeleteRangeResponse} DeleteRangeResponse instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.DeleteRangeResponse.$Shape): kaji.etcd.v3.DeleteRangeResponse & kaji.etcd.v3.DeleteRangeResponse.$Shape;
                 *   (properties?: kaji.etcd.v3.DeleteRangeResponse.$Properties): kaji.etcd.v3.DeleteRangeResponse;
                 * }}
                 */
                DeleteRangeResponse.create = function(properties) {
                    return new DeleteRangeResponse(properties);
                };

                /**
                 * Encodes the specified DeleteRangeResponse message. Does not implicitly {@link kaji.etcd.v3.DeleteRangeResponse.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.DeleteRangeResponse
                 * @static
                 * @param {kaji.etcd.v3.DeleteRangeResponse.$Properties} message DeleteRangeResponse message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                DeleteRangeResponse.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.prevKvs != null && message.prevKvs.length)
                        for (let i = 0; i < message.prevKvs.length; ++i)
                            $root.kaji.etcd.v3.KeyValue.encode(message.prevKvs[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a DeleteRangeResponse message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.DeleteRangeResponse
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.DeleteRangeResponse & kaji.etcd.v3.DeleteRangeResponse.$Shape} DeleteRangeResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                DeleteRangeResponse.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.DeleteRangeResponse();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.prevKvs && message.prevKvs.length))
                                    message.prevKvs = [];
                                message.prevKvs.push($root.kaji.etcd.v3.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
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

                return DeleteRangeResponse;
            })();

            v3.RequestOp = (function() {

                /**
                 * Properties of a RequestOp.
                 * @typedef {Object} kaji.etcd.v3.RequestOp.$Properties
                 * @property {kaji.etcd.v3.RangeRequest.$Properties|null} [requestRange] RequestOp requestRange
                 * @property {kaji.etcd.v3.PutRequest.$Properties|null} [requestPut] RequestOp requestPut
                 * @property {kaji.etcd.v3.DeleteRangeRequest.$Properties|null} [requestDeleteRange] RequestOp requestDeleteRange
                 * @property {"requestRange"|"requestPut"|"requestDeleteRange"} [request] RequestOp request
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a RequestOp.
                 * @memberof kaji.etcd.v3
                 * @interface IRequestOp
                 * @augments kaji.etcd.v3.RequestOp.$Properties
                 * @deprecated Use kaji.etcd.v3.RequestOp.$Properties instead.
                 */

                /**
                 * Narrowed shape of a RequestOp.
                 * @typedef {{
                 *   requestRange?: kaji.etcd.v3.RangeRequest.$Shape|null;
                 *   requestPut?: kaji.etcd.v3.PutRequest.$Shape|null;
                 *   requestDeleteRange?: kaji.etcd.v3.DeleteRangeRequest.$Shape|null;
                 *   $unknowns?: Array.<Uint8Array>;
                 * } & (
                 *   ({ request?: undefined; requestRange?: null; requestPut?: null; requestDeleteRange?: null }|{ request?: "requestRange"; requestRange: kaji.etcd.v3.RangeRequest.$Shape; requestPut?: null; requestDeleteRange?: null }|{ request?: "requestPut"; requestRange?: null; requestPut: kaji.etcd.v3.PutRequest.$Shape; requestDeleteRange?: null }|{ request?: "requestDeleteRange"; requestRange?: null; requestPut?: null; requestDeleteRange: kaji.etcd.v3.DeleteRangeRequest.$Shape })
                 * )} kaji.etcd.v3.RequestOp.$Shape
                 */

                /**
                 * Constructs a new RequestOp.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a RequestOp.
                 * @constructor
                 * @param {kaji.etcd.v3.RequestOp.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const RequestOp = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * RequestOp requestRange.
                 * @member {kaji.etcd.v3.RangeRequest.$Properties|null|undefined} requestRange
                 * @memberof kaji.etcd.v3.RequestOp
                 * @instance
                 */
                RequestOp.prototype.requestRange = null;

                /**
                 * RequestOp requestPut.
                 * @member {kaji.etcd.v3.PutRequest.$Properties|null|undefined} requestPut
                 * @memberof kaji.etcd.v3.RequestOp
                 * @instance
                 */
                RequestOp.prototype.requestPut = null;

                /**
                 * RequestOp requestDeleteRange.
                 * @member {kaji.etcd.v3.DeleteRangeRequest.$Properties|null|undefined} requestDeleteRange
                 * @memberof kaji.etcd.v3.RequestOp
                 * @instance
                 */
                RequestOp.prototype.requestDeleteRange = null;

                // OneOf field names bound to virtual getters and setters
                let $oneOfFields;

                /**
                 * RequestOp request.
                 * @member {"requestRange"|"requestPut"|"requestDeleteRange"|undefined} request
                 * @memberof kaji.etcd.v3.RequestOp
                 * @instance
                 */
                $Object.defineProperty(RequestOp.prototype, "request", {
                    get: $util.oneOfGetter($oneOfFields = ["requestRange", "requestPut", "requestDeleteRange"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                /**
                 * Creates a new RequestOp instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.RequestOp
                 * @static
                 * @param {kaji.etcd.v3.RequestOp.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.RequestOp} RequestOp instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.RequestOp.$Shape): kaji.etcd.v3.RequestOp & kaji.etcd.v3.RequestOp.$Shape;
                 *   (properties?: kaji.etcd.v3.RequestOp.$Properties): kaji.etcd.v3.RequestOp;
                 * }}
                 */
                RequestOp.create = function(properties) {
                    return new RequestOp(properties);
                };

                /**
                 * Encodes the specified RequestOp message. Does not implicitly {@link kaji.etcd.v3.RequestOp.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.RequestOp
                 * @static
                 * @param {kaji.etcd.v3.RequestOp.$Properties} message RequestOp message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                RequestOp.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.requestRange != null && $Object.hasOwnProperty.call(message, "requestRange"))
                        $root.kaji.etcd.v3.RangeRequest.encode(message.requestRange, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                    if (message.requestPut != null && $Object.hasOwnProperty.call(message, "requestPut"))
                        $root.kaji.etcd.v3.PutRequest.encode(message.requestPut, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                    if (message.requestDeleteRange != null && $Object.hasOwnProperty.call(message, "requestDeleteRange"))
                        $root.kaji.etcd.v3.DeleteRangeRequest.encode(message.requestDeleteRange, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a RequestOp message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.RequestOp
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.RequestOp & kaji.etcd.v3.RequestOp.$Shape} RequestOp
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                RequestOp.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.RequestOp();
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
                                message.requestRange = $root.kaji.etcd.v3.RangeRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.requestRange);
                                message.request = "requestRange";
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                message.requestPut = $root.kaji.etcd.v3.PutRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.requestPut);
                                message.request = "requestPut";
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                message.requestDeleteRange = $root.kaji.etcd.v3.DeleteRangeRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.requestDeleteRange);
                                message.request = "requestDeleteRange";
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

                return RequestOp;
            })();

            v3.ResponseOp = (function() {

                /**
                 * Properties of a ResponseOp.
                 * @typedef {Object} kaji.etcd.v3.ResponseOp.$Properties
                 * @property {kaji.etcd.v3.RangeResponse.$Properties|null} [responseRange] ResponseOp responseRange
                 * @property {kaji.etcd.v3.PutResponse.$Properties|null} [responsePut] ResponseOp responsePut
                 * @property {kaji.etcd.v3.DeleteRangeResponse.$Properties|null} [responseDeleteRange] ResponseOp responseDeleteRange
                 * @property {"responseRange"|"responsePut"|"responseDeleteRange"} [response] ResponseOp response
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a ResponseOp.
                 * @memberof kaji.etcd.v3
                 * @interface IResponseOp
                 * @augments kaji.etcd.v3.ResponseOp.$Properties
                 * @deprecated Use kaji.etcd.v3.ResponseOp.$Properties instead.
                 */

                /**
                 * Narrowed shape of a ResponseOp.
                 * @typedef {{
                 *   responseRange?: kaji.etcd.v3.RangeResponse.$Shape|null;
                 *   responsePut?: kaji.etcd.v3.PutResponse.$Shape|null;
                 *   responseDeleteRange?: kaji.etcd.v3.DeleteRangeResponse.$Shape|null;
                 *   $unknowns?: Array.<Uint8Array>;
                 * } & (
                 *   ({ response?: undefined; responseRange?: null; responsePut?: null; responseDeleteRange?: null }|{ response?: "responseRange"; responseRange: kaji.etcd.v3.RangeResponse.$Shape; responsePut?: null; responseDeleteRange?: null }|{ response?: "responsePut"; responseRange?: null; responsePut: kaji.etcd.v3.PutResponse.$Shape; responseDeleteRange?: null }|{ response?: "responseDeleteRange"; responseRange?: null; responsePut?: null; responseDeleteRange: kaji.etcd.v3.DeleteRangeResponse.$Shape })
                 * )} kaji.etcd.v3.ResponseOp.$Shape
                 */

                /**
                 * Constructs a new ResponseOp.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a ResponseOp.
                 * @constructor
                 * @param {kaji.etcd.v3.ResponseOp.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const ResponseOp = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * ResponseOp responseRange.
                 * @member {kaji.etcd.v3.RangeResponse.$Properties|null|undefined} responseRange
                 * @memberof kaji.etcd.v3.ResponseOp
                 * @instance
                 */
                ResponseOp.prototype.responseRange = null;

                /**
                 * ResponseOp responsePut.
                 * @member {kaji.etcd.v3.PutResponse.$Properties|null|undefined} responsePut
                 * @memberof kaji.etcd.v3.ResponseOp
                 * @instance
                 */
                ResponseOp.prototype.responsePut = null;

                /**
                 * ResponseOp responseDeleteRange.
                 * @member {kaji.etcd.v3.DeleteRangeResponse.$Properties|null|undefined} responseDeleteRange
                 * @memberof kaji.etcd.v3.ResponseOp
                 * @instance
                 */
                ResponseOp.prototype.responseDeleteRange = null;

                // OneOf field names bound to virtual getters and setters
                let $oneOfFields;

                /**
                 * ResponseOp response.
                 * @member {"responseRange"|"responsePut"|"responseDeleteRange"|undefined} response
                 * @memberof kaji.etcd.v3.ResponseOp
                 * @instance
                 */
                $Object.defineProperty(ResponseOp.prototype, "response", {
                    get: $util.oneOfGetter($oneOfFields = ["responseRange", "responsePut", "responseDeleteRange"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                /**
                 * Creates a new ResponseOp instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.ResponseOp
                 * @static
                 * @param {kaji.etcd.v3.ResponseOp.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.ResponseOp} ResponseOp instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.ResponseOp.$Shape): kaji.etcd.v3.ResponseOp & kaji.etcd.v3.ResponseOp.$Shape;
                 *   (properties?: kaji.etcd.v3.ResponseOp.$Properties): kaji.etcd.v3.ResponseOp;
                 * }}
                 */
                ResponseOp.create = function(properties) {
                    return new ResponseOp(properties);
                };

                /**
                 * Encodes the specified ResponseOp message. Does not implicitly {@link kaji.etcd.v3.ResponseOp.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.ResponseOp
                 * @static
                 * @param {kaji.etcd.v3.ResponseOp.$Properties} message ResponseOp message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                ResponseOp.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.responseRange != null && $Object.hasOwnProperty.call(message, "responseRange"))
                        $root.kaji.etcd.v3.RangeResponse.encode(message.responseRange, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                    if (message.responsePut != null && $Object.hasOwnProperty.call(message, "responsePut"))
                        $root.kaji.etcd.v3.PutResponse.encode(message.responsePut, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                    if (message.responseDeleteRange != null && $Object.hasOwnProperty.call(message, "responseDeleteRange"))
                        $root.kaji.etcd.v3.DeleteRangeResponse.encode(message.responseDeleteRange, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a ResponseOp message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.ResponseOp
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.ResponseOp & kaji.etcd.v3.ResponseOp.$Shape} ResponseOp
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                ResponseOp.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.ResponseOp();
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
                                message.responseRange = $root.kaji.etcd.v3.RangeResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.responseRange);
                                message.response = "responseRange";
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                message.responsePut = $root.kaji.etcd.v3.PutResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.responsePut);
                                message.response = "responsePut";
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                message.responseDeleteRange = $root.kaji.etcd.v3.DeleteRangeResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.responseDeleteRange);
                                message.response = "responseDeleteRange";
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

                return ResponseOp;
            })();

            v3.Compare = (function() {

                /**
                 * Properties of a Compare.
                 * @typedef {Object} kaji.etcd.v3.Compare.$Properties
                 * @property {kaji.etcd.v3.Compare.CompareResult|null} [result] Compare result
                 * @property {kaji.etcd.v3.Compare.CompareTarget|null} [target] Compare target
                 * @property {Uint8Array|null} [key] Compare key
                 * @property {number|null} [version] Compare version
                 * @property {number|null} [createRevision] Compare createRevision
                 * @property {number|null} [modRevision] Compare modRevision
                 * @property {"version"|"createRevision"|"modRevision"} [targetUnion] Compare targetUnion
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Compare.
                 * @memberof kaji.etcd.v3
                 * @interface ICompare
                 * @augments kaji.etcd.v3.Compare.$Properties
                 * @deprecated Use kaji.etcd.v3.Compare.$Properties instead.
                 */

                /**
                 * Narrowed shape of a Compare.
                 * @typedef {{
                 *   result?: kaji.etcd.v3.Compare.CompareResult|null;
                 *   target?: kaji.etcd.v3.Compare.CompareTarget|null;
                 *   key?: Uint8Array|null;
                 *   version?: number|null;
                 *   createRevision?: number|null;
                 *   modRevision?: number|null;
                 *   $unknowns?: Array.<Uint8Array>;
                 * } & (
                 *   ({ targetUnion?: undefined; version?: null; createRevision?: null; modRevision?: null }|{ targetUnion?: "version"; version: number; createRevision?: null; modRevision?: null }|{ targetUnion?: "createRevision"; version?: null; createRevision: number; modRevision?: null }|{ targetUnion?: "modRevision"; version?: null; createRevision?: null; modRevision: number })
                 * )} kaji.etcd.v3.Compare.$Shape
                 */

                /**
                 * Constructs a new Compare.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a Compare.
                 * @constructor
                 * @param {kaji.etcd.v3.Compare.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Compare = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Compare result.
                 * @member {kaji.etcd.v3.Compare.CompareResult} result
                 * @memberof kaji.etcd.v3.Compare
                 * @instance
                 */
                Compare.prototype.result = 0;

                /**
                 * Compare target.
                 * @member {kaji.etcd.v3.Compare.CompareTarget} target
                 * @memberof kaji.etcd.v3.Compare
                 * @instance
                 */
                Compare.prototype.target = 0;

                /**
                 * Compare key.
                 * @member {Uint8Array} key
                 * @memberof kaji.etcd.v3.Compare
                 * @instance
                 */
                Compare.prototype.key = $util.newBuffer([]);

                /**
                 * Compare version.
                 * @member {number|null|undefined} version
                 * @memberof kaji.etcd.v3.Compare
                 * @instance
                 */
                Compare.prototype.version = null;

                /**
                 * Compare createRevision.
                 * @member {number|null|undefined} createRevision
                 * @memberof kaji.etcd.v3.Compare
                 * @instance
                 */
                Compare.prototype.createRevision = null;

                /**
                 * Compare modRevision.
                 * @member {number|null|undefined} modRevision
                 * @memberof kaji.etcd.v3.Compare
                 * @instance
                 */
                Compare.prototype.modRevision = null;

                // OneOf field names bound to virtual getters and setters
                let $oneOfFields;

                /**
                 * Compare targetUnion.
                 * @member {"version"|"createRevision"|"modRevision"|undefined} targetUnion
                 * @memberof kaji.etcd.v3.Compare
                 * @instance
                 */
                $Object.defineProperty(Compare.prototype, "targetUnion", {
                    get: $util.oneOfGetter($oneOfFields = ["version", "createRevision", "modRevision"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                /**
                 * Creates a new Compare instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.Compare
                 * @static
                 * @param {kaji.etcd.v3.Compare.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.Compare} Compare instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.Compare.$Shape): kaji.etcd.v3.Compare & kaji.etcd.v3.Compare.$Shape;
                 *   (properties?: kaji.etcd.v3.Compare.$Properties): kaji.etcd.v3.Compare;
                 * }}
                 */
                Compare.create = function(properties) {
                    return new Compare(properties);
                };

                /**
                 * Encodes the specified Compare message. Does not implicitly {@link kaji.etcd.v3.Compare.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.Compare
                 * @static
                 * @param {kaji.etcd.v3.Compare.$Properties} message Compare message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Compare.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.result != null && $Object.hasOwnProperty.call(message, "result") && message.result !== 0)
                        writer.uint32(/* id 1, wireType 0 =*/8).int32(message.result);
                    if (message.target != null && $Object.hasOwnProperty.call(message, "target") && message.target !== 0)
                        writer.uint32(/* id 2, wireType 0 =*/16).int32(message.target);
                    if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                        writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.key);
                    if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                        writer.uint32(/* id 4, wireType 0 =*/32).int64(message.version);
                    if (message.createRevision != null && $Object.hasOwnProperty.call(message, "createRevision"))
                        writer.uint32(/* id 5, wireType 0 =*/40).int64(message.createRevision);
                    if (message.modRevision != null && $Object.hasOwnProperty.call(message, "modRevision"))
                        writer.uint32(/* id 6, wireType 0 =*/48).int64(message.modRevision);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Compare message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.Compare
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.Compare & kaji.etcd.v3.Compare.$Shape} Compare
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Compare.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.Compare();
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
                                if (value = reader.int32())
                                    message.result = value;
                                else
                                    delete message.result;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.int32())
                                    message.target = value;
                                else
                                    delete message.target;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.key = value;
                                else
                                    delete message.key;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                message.version = reader.int64();
                                message.targetUnion = "version";
                                continue;
                            }
                        case 5: {
                                if (wireType !== 0)
                                    break;
                                message.createRevision = reader.int64();
                                message.targetUnion = "createRevision";
                                continue;
                            }
                        case 6: {
                                if (wireType !== 0)
                                    break;
                                message.modRevision = reader.int64();
                                message.targetUnion = "modRevision";
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

                /**
                 * CompareResult enum.
                 * @name kaji.etcd.v3.Compare.CompareResult
                 * @enum {number}
                 * @property {number} EQUAL=0 EQUAL value
                 * @property {number} GREATER=1 GREATER value
                 * @property {number} LESS=2 LESS value
                 * @property {number} NOT_EQUAL=3 NOT_EQUAL value
                 */
                Compare.CompareResult = (function() {
                    const valuesById = $Object.create(null), values = $Object.create(valuesById);
                    values[valuesById[0] = "EQUAL"] = 0;
                    values[valuesById[1] = "GREATER"] = 1;
                    values[valuesById[2] = "LESS"] = 2;
                    values[valuesById[3] = "NOT_EQUAL"] = 3;
                    return values;
                })();

                /**
                 * CompareTarget enum.
                 * @name kaji.etcd.v3.Compare.CompareTarget
                 * @enum {number}
                 * @property {number} VERSION=0 VERSION value
                 * @property {number} CREATE=1 CREATE value
                 * @property {number} MOD=2 MOD value
                 */
                Compare.CompareTarget = (function() {
                    const valuesById = $Object.create(null), values = $Object.create(valuesById);
                    values[valuesById[0] = "VERSION"] = 0;
                    values[valuesById[1] = "CREATE"] = 1;
                    values[valuesById[2] = "MOD"] = 2;
                    return values;
                })();

                return Compare;
            })();

            v3.TxnRequest = (function() {

                /**
                 * Properties of a TxnRequest.
                 * @typedef {Object} kaji.etcd.v3.TxnRequest.$Properties
                 * @property {Array.<kaji.etcd.v3.Compare.$Properties>|null} [compare] TxnRequest compare
                 * @property {Array.<kaji.etcd.v3.RequestOp.$Properties>|null} [success] TxnRequest success
                 * @property {Array.<kaji.etcd.v3.RequestOp.$Properties>|null} [failure] TxnRequest failure
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a TxnRequest.
                 * @memberof kaji.etcd.v3
                 * @interface ITxnRequest
                 * @augments kaji.etcd.v3.TxnRequest.$Properties
                 * @deprecated Use kaji.etcd.v3.TxnRequest.$Properties instead.
                 */

                /**
                 * Shape of a TxnRequest.
                 * @typedef {{
                 *   compare?: Array.<kaji.etcd.v3.Compare.$Shape>|null;
                 *   success?: Array.<kaji.etcd.v3.RequestOp.$Shape>|null;
                 *   failure?: Array.<kaji.etcd.v3.RequestOp.$Shape>|null;
                 *   $unknowns?: Array.<Uint8Array>;
                 * }} kaji.etcd.v3.TxnRequest.$Shape
                 */

                /**
                 * Constructs a new TxnRequest.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a TxnRequest.
                 * @constructor
                 * @param {kaji.etcd.v3.TxnRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const TxnRequest = function (properties) {
                    this.compare = [];
                    this.success = [];
                    this.failure = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * TxnRequest compare.
                 * @member {Array.<kaji.etcd.v3.Compare.$Properties>} compare
                 * @memberof kaji.etcd.v3.TxnRequest
                 * @instance
                 */
                TxnRequest.prototype.compare = $util.emptyArray;

                /**
                 * TxnRequest success.
                 * @member {Array.<kaji.etcd.v3.RequestOp.$Properties>} success
                 * @memberof kaji.etcd.v3.TxnRequest
                 * @instance
                 */
                TxnRequest.prototype.success = $util.emptyArray;

                /**
                 * TxnRequest failure.
                 * @member {Array.<kaji.etcd.v3.RequestOp.$Properties>} failure
                 * @memberof kaji.etcd.v3.TxnRequest
                 * @instance
                 */
                TxnRequest.prototype.failure = $util.emptyArray;

                /**
                 * Creates a new TxnRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.TxnRequest
                 * @static
                 * @param {kaji.etcd.v3.TxnRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.TxnRequest} TxnRequest instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.TxnRequest.$Shape): kaji.etcd.v3.TxnRequest & kaji.etcd.v3.TxnRequest.$Shape;
                 *   (properties?: kaji.etcd.v3.TxnRequest.$Properties): kaji.etcd.v3.TxnRequest;
                 * }}
                 */
                TxnRequest.create = function(properties) {
                    return new TxnRequest(properties);
                };

                /**
                 * Encodes the specified TxnRequest message. Does not implicitly {@link kaji.etcd.v3.TxnRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.TxnRequest
                 * @static
                 * @param {kaji.etcd.v3.TxnRequest.$Properties} message TxnRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                TxnRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.compare != null && message.compare.length)
                        for (let i = 0; i < message.compare.length; ++i)
                            $root.kaji.etcd.v3.Compare.encode(message.compare[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                    if (message.success != null && message.success.length)
                        for (let i = 0; i < message.success.length; ++i)
                            $root.kaji.etcd.v3.RequestOp.encode(message.success[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                    if (message.failure != null && message.failure.length)
                        for (let i = 0; i < message.failure.length; ++i)
                            $root.kaji.etcd.v3.RequestOp.encode(message.failure[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a TxnRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.TxnRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.TxnRequest & kaji.etcd.v3.TxnRequest.$Shape} TxnRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                TxnRequest.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.TxnRequest();
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
                                if (!(message.compare && message.compare.length))
                                    message.compare = [];
                                message.compare.push($root.kaji.etcd.v3.Compare.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.success && message.success.length))
                                    message.success = [];
                                message.success.push($root.kaji.etcd.v3.RequestOp.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.failure && message.failure.length))
                                    message.failure = [];
                                message.failure.push($root.kaji.etcd.v3.RequestOp.decode(reader, reader.size(), $undefined, _depth + 1));
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

                return TxnRequest;
            })();

            v3.TxnResponse = (function() {

                /**
                 * Properties of a TxnResponse.
                 * @typedef {Object} kaji.etcd.v3.TxnResponse.$Properties
                 * @property {kaji.etcd.v3.ResponseHeader.$Properties|null} [header] TxnResponse header
                 * @property {boolean|null} [succeeded] TxnResponse succeeded
                 * @property {Array.<kaji.etcd.v3.ResponseOp.$Properties>|null} [responses] TxnResponse responses
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a TxnResponse.
                 * @memberof kaji.etcd.v3
                 * @interface ITxnResponse
                 * @augments kaji.etcd.v3.TxnResponse.$Properties
                 * @deprecated Use kaji.etcd.v3.TxnResponse.$Properties instead.
                 */

                /**
                 * Shape of a TxnResponse.
                 * @typedef {{
                 *   header?: kaji.etcd.v3.ResponseHeader.$Shape|null;
                 *   succeeded?: boolean|null;
                 *   responses?: Array.<kaji.etcd.v3.ResponseOp.$Shape>|null;
                 *   $unknowns?: Array.<Uint8Array>;
                 * }} kaji.etcd.v3.TxnResponse.$Shape
                 */

                /**
                 * Constructs a new TxnResponse.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a TxnResponse.
                 * @constructor
                 * @param {kaji.etcd.v3.TxnResponse.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const TxnResponse = function (properties) {
                    this.responses = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * TxnResponse header.
                 * @member {kaji.etcd.v3.ResponseHeader.$Properties|null|undefined} header
                 * @memberof kaji.etcd.v3.TxnResponse
                 * @instance
                 */
                TxnResponse.prototype.header = null;

                /**
                 * TxnResponse succeeded.
                 * @member {boolean} succeeded
                 * @memberof kaji.etcd.v3.TxnResponse
                 * @instance
                 */
                TxnResponse.prototype.succeeded = false;

                /**
                 * TxnResponse responses.
                 * @member {Array.<kaji.etcd.v3.ResponseOp.$Properties>} responses
                 * @memberof kaji.etcd.v3.TxnResponse
                 * @instance
                 */
                TxnResponse.prototype.responses = $util.emptyArray;

                /**
                 * Creates a new TxnResponse instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.TxnResponse
                 * @static
                 * @param {kaji.etcd.v3.TxnResponse.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.TxnResponse} TxnResponse instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.TxnResponse.$Shape): kaji.etcd.v3.TxnResponse & kaji.etcd.v3.TxnResponse.$Shape;
                 *   (properties?: kaji.etcd.v3.TxnResponse.$Properties): kaji.etcd.v3.TxnResponse;
                 * }}
                 */
                TxnResponse.create = function(properties) {
                    return new TxnResponse(properties);
                };

                /**
                 * Encodes the specified TxnResponse message. Does not implicitly {@link kaji.etcd.v3.TxnResponse.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.TxnResponse
                 * @static
                 * @param {kaji.etcd.v3.TxnResponse.$Properties} message TxnResponse message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                TxnResponse.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                        $root.kaji.etcd.v3.ResponseHeader.encode(message.header, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                    if (message.succeeded != null && $Object.hasOwnProperty.call(message, "succeeded") && message.succeeded !== false)
                        writer.uint32(/* id 2, wireType 0 =*/16).bool(message.succeeded);
                    if (message.responses != null && message.responses.length)
                        for (let i = 0; i < message.responses.length; ++i)
                            $root.kaji.etcd.v3.ResponseOp.encode(message.responses[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a TxnResponse message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.TxnResponse
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.TxnResponse & kaji.etcd.v3.TxnResponse.$Shape} TxnResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                TxnResponse.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.TxnResponse();
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
                                message.header = $root.kaji.etcd.v3.ResponseHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.succeeded = value;
                                else
                                    delete message.succeeded;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.responses && message.responses.length))
                                    message.responses = [];
                                message.responses.push($root.kaji.etcd.v3.ResponseOp.decode(reader, reader.size(), $undefined, _depth + 1));
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

                return TxnResponse;
            })();

            v3.CompactionRequest = (function() {

                /**
                 * Properties of a CompactionRequest.
                 * @typedef {Object} kaji.etcd.v3.CompactionRequest.$Properties
                 * @property {number|null} [revision] CompactionRequest revision
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a CompactionRequest.
                 * @memberof kaji.etcd.v3
                 * @interface ICompactionRequest
                 * @augments kaji.etcd.v3.CompactionRequest.$Properties
                 * @deprecated Use kaji.etcd.v3.CompactionRequest.$Properties instead.
                 */

                /**
                 * Shape of a CompactionRequest.
                 * @typedef {kaji.etcd.v3.CompactionRequest.$Properties} kaji.etcd.v3.CompactionRequest.$Shape
                 */

                /**
                 * Constructs a new CompactionRequest.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a CompactionRequest.
                 * @constructor
                 * @param {kaji.etcd.v3.CompactionRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const CompactionRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * CompactionRequest revision.
                 * @member {number} revision
                 * @memberof kaji.etcd.v3.CompactionRequest
                 * @instance
                 */
                CompactionRequest.prototype.revision = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * Creates a new CompactionRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.CompactionRequest
                 * @static
                 * @param {kaji.etcd.v3.CompactionRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.CompactionRequest} CompactionRequest instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.CompactionRequest.$Shape): kaji.etcd.v3.CompactionRequest & kaji.etcd.v3.CompactionRequest.$Shape;
                 *   (properties?: kaji.etcd.v3.CompactionRequest.$Properties): kaji.etcd.v3.CompactionRequest;
                 * }}
                 */
                CompactionRequest.create = function(properties) {
                    return new CompactionRequest(properties);
                };

                /**
                 * Encodes the specified CompactionRequest message. Does not implicitly {@link kaji.etcd.v3.CompactionRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.CompactionRequest
                 * @static
                 * @param {kaji.etcd.v3.CompactionRequest.$Properties} message CompactionRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                CompactionRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.revision != null && $Object.hasOwnProperty.call(message, "revision") && (typeof message.revision === "object" ? message.revision.low || message.revision.high : message.revision !== 0))
                        writer.uint32(/* id 1, wireType 0 =*/8).int64(message.revision);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a CompactionRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.CompactionRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.CompactionRequest & kaji.etcd.v3.CompactionRequest.$Shape} CompactionRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                CompactionRequest.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.CompactionRequest();
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
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.revision = value;
                                else
                                    delete message.revision;
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

                return CompactionRequest;
            })();

            v3.CompactionResponse = (function() {

                /**
                 * Properties of a CompactionResponse.
                 * @typedef {Object} kaji.etcd.v3.CompactionResponse.$Properties
                 * @property {kaji.etcd.v3.ResponseHeader.$Properties|null} [header] CompactionResponse header
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a CompactionResponse.
                 * @memberof kaji.etcd.v3
                 * @interface ICompactionResponse
                 * @augments kaji.etcd.v3.CompactionResponse.$Properties
                 * @deprecated Use kaji.etcd.v3.CompactionResponse.$Properties instead.
                 */

                /**
                 * Shape of a CompactionResponse.
                 * @typedef {kaji.etcd.v3.CompactionResponse.$Properties} kaji.etcd.v3.CompactionResponse.$Shape
                 */

                /**
                 * Constructs a new CompactionResponse.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a CompactionResponse.
                 * @constructor
                 * @param {kaji.etcd.v3.CompactionResponse.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const CompactionResponse = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * CompactionResponse header.
                 * @member {kaji.etcd.v3.ResponseHeader.$Properties|null|undefined} header
                 * @memberof kaji.etcd.v3.CompactionResponse
                 * @instance
                 */
                CompactionResponse.prototype.header = null;

                /**
                 * Creates a new CompactionResponse instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.CompactionResponse
                 * @static
                 * @param {kaji.etcd.v3.CompactionResponse.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.CompactionResponse} CompactionResponse instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.CompactionResponse.$Shape): kaji.etcd.v3.CompactionResponse & kaji.etcd.v3.CompactionResponse.$Shape;
                 *   (properties?: kaji.etcd.v3.CompactionResponse.$Properties): kaji.etcd.v3.CompactionResponse;
                 * }}
                 */
                CompactionResponse.create = function(properties) {
                    return new CompactionResponse(properties);
                };

                /**
                 * Encodes the specified CompactionResponse message. Does not implicitly {@link kaji.etcd.v3.CompactionResponse.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.CompactionResponse
                 * @static
                 * @param {kaji.etcd.v3.CompactionResponse.$Properties} message CompactionResponse message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                CompactionResponse.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                        $root.kaji.etcd.v3.ResponseHeader.encode(message.header, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a CompactionResponse message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.CompactionResponse
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.CompactionResponse & kaji.etcd.v3.CompactionResponse.$Shape} CompactionResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                CompactionResponse.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.CompactionResponse();
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
                                message.header = $root.kaji.etcd.v3.ResponseHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
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

                return CompactionResponse;
            })();

            v3.WatchRequest = (function() {

                /**
                 * Properties of a WatchRequest.
                 * @typedef {Object} kaji.etcd.v3.WatchRequest.$Properties
                 * @property {kaji.etcd.v3.WatchCreateRequest.$Properties|null} [createRequest] WatchRequest createRequest
                 * @property {"createRequest"} [requestUnion] WatchRequest requestUnion
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a WatchRequest.
                 * @memberof kaji.etcd.v3
                 * @interface IWatchRequest
                 * @augments kaji.etcd.v3.WatchRequest.$Properties
                 * @deprecated Use kaji.etcd.v3.WatchRequest.$Properties instead.
                 */

                /**
                 * Narrowed shape of a WatchRequest.
                 * @typedef {{
                 *   createRequest?: kaji.etcd.v3.WatchCreateRequest.$Shape|null;
                 *   $unknowns?: Array.<Uint8Array>;
                 * } & (
                 *   ({ requestUnion?: undefined; createRequest?: null }|{ requestUnion?: "createRequest"; createRequest: kaji.etcd.v3.WatchCreateRequest.$Shape })
                 * )} kaji.etcd.v3.WatchRequest.$Shape
                 */

                /**
                 * Constructs a new WatchRequest.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a WatchRequest.
                 * @constructor
                 * @param {kaji.etcd.v3.WatchRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const WatchRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * WatchRequest createRequest.
                 * @member {kaji.etcd.v3.WatchCreateRequest.$Properties|null|undefined} createRequest
                 * @memberof kaji.etcd.v3.WatchRequest
                 * @instance
                 */
                WatchRequest.prototype.createRequest = null;

                // OneOf field names bound to virtual getters and setters
                let $oneOfFields;

                /**
                 * WatchRequest requestUnion.
                 * @member {"createRequest"|undefined} requestUnion
                 * @memberof kaji.etcd.v3.WatchRequest
                 * @instance
                 */
                $Object.defineProperty(WatchRequest.prototype, "requestUnion", {
                    get: $util.oneOfGetter($oneOfFields = ["createRequest"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                /**
                 * Creates a new WatchRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.WatchRequest
                 * @static
                 * @param {kaji.etcd.v3.WatchRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.WatchRequest} WatchRequest instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.WatchRequest.$Shape): kaji.etcd.v3.WatchRequest & kaji.etcd.v3.WatchRequest.$Shape;
                 *   (properties?: kaji.etcd.v3.WatchRequest.$Properties): kaji.etcd.v3.WatchRequest;
                 * }}
                 */
                WatchRequest.create = function(properties) {
                    return new WatchRequest(properties);
                };

                /**
                 * Encodes the specified WatchRequest message. Does not implicitly {@link kaji.etcd.v3.WatchRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.WatchRequest
                 * @static
                 * @param {kaji.etcd.v3.WatchRequest.$Properties} message WatchRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                WatchRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.createRequest != null && $Object.hasOwnProperty.call(message, "createRequest"))
                        $root.kaji.etcd.v3.WatchCreateRequest.encode(message.createRequest, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a WatchRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.WatchRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.WatchRequest & kaji.etcd.v3.WatchRequest.$Shape} WatchRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                WatchRequest.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.WatchRequest();
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
                                message.createRequest = $root.kaji.etcd.v3.WatchCreateRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.createRequest);
                                message.requestUnion = "createRequest";
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

                return WatchRequest;
            })();

            v3.WatchCreateRequest = (function() {

                /**
                 * Properties of a WatchCreateRequest.
                 * @typedef {Object} kaji.etcd.v3.WatchCreateRequest.$Properties
                 * @property {Uint8Array|null} [key] WatchCreateRequest key
                 * @property {Uint8Array|null} [rangeEnd] WatchCreateRequest rangeEnd
                 * @property {number|null} [startRevision] WatchCreateRequest startRevision
                 * @property {boolean|null} [prevKv] WatchCreateRequest prevKv
                 * @property {boolean|null} [fragment] WatchCreateRequest fragment
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a WatchCreateRequest.
                 * @memberof kaji.etcd.v3
                 * @interface IWatchCreateRequest
                 * @augments kaji.etcd.v3.WatchCreateRequest.$Properties
                 * @deprecated Use kaji.etcd.v3.WatchCreateRequest.$Properties instead.
                 */

                /**
                 * Shape of a WatchCreateRequest.
                 * @typedef {kaji.etcd.v3.WatchCreateRequest.$Properties} kaji.etcd.v3.WatchCreateRequest.$Shape
                 */

                /**
                 * Constructs a new WatchCreateRequest.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a WatchCreateRequest.
                 * @constructor
                 * @param {kaji.etcd.v3.WatchCreateRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const WatchCreateRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * WatchCreateRequest key.
                 * @member {Uint8Array} key
                 * @memberof kaji.etcd.v3.WatchCreateRequest
                 * @instance
                 */
                WatchCreateRequest.prototype.key = $util.newBuffer([]);

                /**
                 * WatchCreateRequest rangeEnd.
                 * @member {Uint8Array} rangeEnd
                 * @memberof kaji.etcd.v3.WatchCreateRequest
                 * @instance
                 */
                WatchCreateRequest.prototype.rangeEnd = $util.newBuffer([]);

                /**
                 * WatchCreateRequest startRevision.
                 * @member {number} startRevision
                 * @memberof kaji.etcd.v3.WatchCreateRequest
                 * @instance
                 */
                WatchCreateRequest.prototype.startRevision = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * WatchCreateRequest prevKv.
                 * @member {boolean} prevKv
                 * @memberof kaji.etcd.v3.WatchCreateRequest
                 * @instance
                 */
                WatchCreateRequest.prototype.prevKv = false;

                /**
                 * WatchCreateRequest fragment.
                 * @member {boolean} fragment
                 * @memberof kaji.etcd.v3.WatchCreateRequest
                 * @instance
                 */
                WatchCreateRequest.prototype.fragment = false;

                /**
                 * Creates a new WatchCreateRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.WatchCreateRequest
                 * @static
                 * @param {kaji.etcd.v3.WatchCreateRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.WatchCreateRequest} WatchCreateRequest instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.WatchCreateRequest.$Shape): kaji.etcd.v3.WatchCreateRequest & kaji.etcd.v3.WatchCreateRequest.$Shape;
                 *   (properties?: kaji.etcd.v3.WatchCreateRequest.$Properties): kaji.etcd.v3.WatchCreateRequest;
                 * }}
                 */
                WatchCreateRequest.create = function(properties) {
                    return new WatchCreateRequest(properties);
                };

                /**
                 * Encodes the specified WatchCreateRequest message. Does not implicitly {@link kaji.etcd.v3.WatchCreateRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.WatchCreateRequest
                 * @static
                 * @param {kaji.etcd.v3.WatchCreateRequest.$Properties} message WatchCreateRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                WatchCreateRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key.length)
                        writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.key);
                    if (message.rangeEnd != null && $Object.hasOwnProperty.call(message, "rangeEnd") && message.rangeEnd.length)
                        writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.rangeEnd);
                    if (message.startRevision != null && $Object.hasOwnProperty.call(message, "startRevision") && (typeof message.startRevision === "object" ? message.startRevision.low || message.startRevision.high : message.startRevision !== 0))
                        writer.uint32(/* id 3, wireType 0 =*/24).int64(message.startRevision);
                    if (message.prevKv != null && $Object.hasOwnProperty.call(message, "prevKv") && message.prevKv !== false)
                        writer.uint32(/* id 6, wireType 0 =*/48).bool(message.prevKv);
                    if (message.fragment != null && $Object.hasOwnProperty.call(message, "fragment") && message.fragment !== false)
                        writer.uint32(/* id 8, wireType 0 =*/64).bool(message.fragment);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a WatchCreateRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.WatchCreateRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.WatchCreateRequest & kaji.etcd.v3.WatchCreateRequest.$Shape} WatchCreateRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                WatchCreateRequest.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.WatchCreateRequest();
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
                                    message.key = value;
                                else
                                    delete message.key;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.rangeEnd = value;
                                else
                                    delete message.rangeEnd;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.startRevision = value;
                                else
                                    delete message.startRevision;
                                continue;
                            }
                        case 6: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.prevKv = value;
                                else
                                    delete message.prevKv;
                                continue;
                            }
                        case 8: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.fragment = value;
                                else
                                    delete message.fragment;
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

                return WatchCreateRequest;
            })();

            v3.WatchResponse = (function() {

                /**
                 * Properties of a WatchResponse.
                 * @typedef {Object} kaji.etcd.v3.WatchResponse.$Properties
                 * @property {kaji.etcd.v3.ResponseHeader.$Properties|null} [header] WatchResponse header
                 * @property {boolean|null} [created] WatchResponse created
                 * @property {boolean|null} [canceled] WatchResponse canceled
                 * @property {number|null} [compactRevision] WatchResponse compactRevision
                 * @property {string|null} [cancelReason] WatchResponse cancelReason
                 * @property {boolean|null} [fragment] WatchResponse fragment
                 * @property {Array.<kaji.etcd.v3.Event.$Properties>|null} [events] WatchResponse events
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a WatchResponse.
                 * @memberof kaji.etcd.v3
                 * @interface IWatchResponse
                 * @augments kaji.etcd.v3.WatchResponse.$Properties
                 * @deprecated Use kaji.etcd.v3.WatchResponse.$Properties instead.
                 */

                /**
                 * Shape of a WatchResponse.
                 * @typedef {kaji.etcd.v3.WatchResponse.$Properties} kaji.etcd.v3.WatchResponse.$Shape
                 */

                /**
                 * Constructs a new WatchResponse.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a WatchResponse.
                 * @constructor
                 * @param {kaji.etcd.v3.WatchResponse.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const WatchResponse = function (properties) {
                    this.events = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * WatchResponse header.
                 * @member {kaji.etcd.v3.ResponseHeader.$Properties|null|undefined} header
                 * @memberof kaji.etcd.v3.WatchResponse
                 * @instance
                 */
                WatchResponse.prototype.header = null;

                /**
                 * WatchResponse created.
                 * @member {boolean} created
                 * @memberof kaji.etcd.v3.WatchResponse
                 * @instance
                 */
                WatchResponse.prototype.created = false;

                /**
                 * WatchResponse canceled.
                 * @member {boolean} canceled
                 * @memberof kaji.etcd.v3.WatchResponse
                 * @instance
                 */
                WatchResponse.prototype.canceled = false;

                /**
                 * WatchResponse compactRevision.
                 * @member {number} compactRevision
                 * @memberof kaji.etcd.v3.WatchResponse
                 * @instance
                 */
                WatchResponse.prototype.compactRevision = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * WatchResponse cancelReason.
                 * @member {string} cancelReason
                 * @memberof kaji.etcd.v3.WatchResponse
                 * @instance
                 */
                WatchResponse.prototype.cancelReason = "";

                /**
                 * WatchResponse fragment.
                 * @member {boolean} fragment
                 * @memberof kaji.etcd.v3.WatchResponse
                 * @instance
                 */
                WatchResponse.prototype.fragment = false;

                /**
                 * WatchResponse events.
                 * @member {Array.<kaji.etcd.v3.Event.$Properties>} events
                 * @memberof kaji.etcd.v3.WatchResponse
                 * @instance
                 */
                WatchResponse.prototype.events = $util.emptyArray;

                /**
                 * Creates a new WatchResponse instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.WatchResponse
                 * @static
                 * @param {kaji.etcd.v3.WatchResponse.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.WatchResponse} WatchResponse instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.WatchResponse.$Shape): kaji.etcd.v3.WatchResponse & kaji.etcd.v3.WatchResponse.$Shape;
                 *   (properties?: kaji.etcd.v3.WatchResponse.$Properties): kaji.etcd.v3.WatchResponse;
                 * }}
                 */
                WatchResponse.create = function(properties) {
                    return new WatchResponse(properties);
                };

                /**
                 * Encodes the specified WatchResponse message. Does not implicitly {@link kaji.etcd.v3.WatchResponse.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.WatchResponse
                 * @static
                 * @param {kaji.etcd.v3.WatchResponse.$Properties} message WatchResponse message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                WatchResponse.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                        $root.kaji.etcd.v3.ResponseHeader.encode(message.header, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                    if (message.created != null && $Object.hasOwnProperty.call(message, "created") && message.created !== false)
                        writer.uint32(/* id 3, wireType 0 =*/24).bool(message.created);
                    if (message.canceled != null && $Object.hasOwnProperty.call(message, "canceled") && message.canceled !== false)
                        writer.uint32(/* id 4, wireType 0 =*/32).bool(message.canceled);
                    if (message.compactRevision != null && $Object.hasOwnProperty.call(message, "compactRevision") && (typeof message.compactRevision === "object" ? message.compactRevision.low || message.compactRevision.high : message.compactRevision !== 0))
                        writer.uint32(/* id 5, wireType 0 =*/40).int64(message.compactRevision);
                    if (message.cancelReason != null && $Object.hasOwnProperty.call(message, "cancelReason") && message.cancelReason !== "")
                        writer.uint32(/* id 6, wireType 2 =*/50).string(message.cancelReason);
                    if (message.fragment != null && $Object.hasOwnProperty.call(message, "fragment") && message.fragment !== false)
                        writer.uint32(/* id 7, wireType 0 =*/56).bool(message.fragment);
                    if (message.events != null && message.events.length)
                        for (let i = 0; i < message.events.length; ++i)
                            $root.kaji.etcd.v3.Event.encode(message.events[i], writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a WatchResponse message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.WatchResponse
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.WatchResponse & kaji.etcd.v3.WatchResponse.$Shape} WatchResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                WatchResponse.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.WatchResponse();
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
                                message.header = $root.kaji.etcd.v3.ResponseHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.created = value;
                                else
                                    delete message.created;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.canceled = value;
                                else
                                    delete message.canceled;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.compactRevision = value;
                                else
                                    delete message.compactRevision;
                                continue;
                            }
                        case 6: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.cancelReason = value;
                                else
                                    delete message.cancelReason;
                                continue;
                            }
                        case 7: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.fragment = value;
                                else
                                    delete message.fragment;
                                continue;
                            }
                        case 11: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.events && message.events.length))
                                    message.events = [];
                                message.events.push($root.kaji.etcd.v3.Event.decode(reader, reader.size(), $undefined, _depth + 1));
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

                return WatchResponse;
            })();

            v3.Event = (function() {

                /**
                 * Properties of an Event.
                 * @typedef {Object} kaji.etcd.v3.Event.$Properties
                 * @property {kaji.etcd.v3.Event.EventType|null} [type] Event type
                 * @property {kaji.etcd.v3.KeyValue.$Properties|null} [kv] Event kv
                 * @property {kaji.etcd.v3.KeyValue.$Properties|null} [prevKv] Event prevKv
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of an Event.
                 * @memberof kaji.etcd.v3
                 * @interface IEvent
                 * @augments kaji.etcd.v3.Event.$Properties
                 * @deprecated Use kaji.etcd.v3.Event.$Properties instead.
                 */

                /**
                 * Shape of an Event.
                 * @typedef {kaji.etcd.v3.Event.$Properties} kaji.etcd.v3.Event.$Shape
                 */

                /**
                 * Constructs a new Event.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents an Event.
                 * @constructor
                 * @param {kaji.etcd.v3.Event.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Event = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Event type.
                 * @member {kaji.etcd.v3.Event.EventType} type
                 * @memberof kaji.etcd.v3.Event
                 * @instance
                 */
                Event.prototype.type = 0;

                /**
                 * Event kv.
                 * @member {kaji.etcd.v3.KeyValue.$Properties|null|undefined} kv
                 * @memberof kaji.etcd.v3.Event
                 * @instance
                 */
                Event.prototype.kv = null;

                /**
                 * Event prevKv.
                 * @member {kaji.etcd.v3.KeyValue.$Properties|null|undefined} prevKv
                 * @memberof kaji.etcd.v3.Event
                 * @instance
                 */
                Event.prototype.prevKv = null;

                /**
                 * Creates a new Event instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.Event
                 * @static
                 * @param {kaji.etcd.v3.Event.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.Event} Event instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.Event.$Shape): kaji.etcd.v3.Event & kaji.etcd.v3.Event.$Shape;
                 *   (properties?: kaji.etcd.v3.Event.$Properties): kaji.etcd.v3.Event;
                 * }}
                 */
                Event.create = function(properties) {
                    return new Event(properties);
                };

                /**
                 * Encodes the specified Event message. Does not implicitly {@link kaji.etcd.v3.Event.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.Event
                 * @static
                 * @param {kaji.etcd.v3.Event.$Properties} message Event message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Event.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== 0)
                        writer.uint32(/* id 1, wireType 0 =*/8).int32(message.type);
                    if (message.kv != null && $Object.hasOwnProperty.call(message, "kv"))
                        $root.kaji.etcd.v3.KeyValue.encode(message.kv, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                    if (message.prevKv != null && $Object.hasOwnProperty.call(message, "prevKv"))
                        $root.kaji.etcd.v3.KeyValue.encode(message.prevKv, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes an Event message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.Event
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.Event & kaji.etcd.v3.Event.$Shape} Event
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Event.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.Event();
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
                                if (value = reader.int32())
                                    message.type = value;
                                else
                                    delete message.type;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                message.kv = $root.kaji.etcd.v3.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1, message.kv);
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                message.prevKv = $root.kaji.etcd.v3.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1, message.prevKv);
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

                /**
                 * EventType enum.
                 * @name kaji.etcd.v3.Event.EventType
                 * @enum {number}
                 * @property {number} PUT=0 PUT value
                 * @property {number} DELETE=1 DELETE value
                 */
                Event.EventType = (function() {
                    const valuesById = $Object.create(null), values = $Object.create(valuesById);
                    values[valuesById[0] = "PUT"] = 0;
                    values[valuesById[1] = "DELETE"] = 1;
                    return values;
                })();

                return Event;
            })();

            v3.LeaseGrantRequest = (function() {

                /**
                 * Properties of a LeaseGrantRequest.
                 * @typedef {Object} kaji.etcd.v3.LeaseGrantRequest.$Properties
                 * @property {number|null} [ttl] LeaseGrantRequest ttl
                 * @property {number|null} [id] LeaseGrantRequest id
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a LeaseGrantRequest.
                 * @memberof kaji.etcd.v3
                 * @interface ILeaseGrantRequest
                 * @augments kaji.etcd.v3.LeaseGrantRequest.$Properties
                 * @deprecated Use kaji.etcd.v3.LeaseGrantRequest.$Properties instead.
                 */

                /**
                 * Shape of a LeaseGrantRequest.
                 * @typedef {kaji.etcd.v3.LeaseGrantRequest.$Properties} kaji.etcd.v3.LeaseGrantRequest.$Shape
                 */

                /**
                 * Constructs a new LeaseGrantRequest.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a LeaseGrantRequest.
                 * @constructor
                 * @param {kaji.etcd.v3.LeaseGrantRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const LeaseGrantRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * LeaseGrantRequest ttl.
                 * @member {number} ttl
                 * @memberof kaji.etcd.v3.LeaseGrantRequest
                 * @instance
                 */
                LeaseGrantRequest.prototype.ttl = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * LeaseGrantRequest id.
                 * @member {number} id
                 * @memberof kaji.etcd.v3.LeaseGrantRequest
                 * @instance
                 */
                LeaseGrantRequest.prototype.id = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * Creates a new LeaseGrantRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.LeaseGrantRequest
                 * @static
                 * @param {kaji.etcd.v3.LeaseGrantRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.LeaseGrantRequest} LeaseGrantRequest instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.LeaseGrantRequest.$Shape): kaji.etcd.v3.LeaseGrantRequest & kaji.etcd.v3.LeaseGrantRequest.$Shape;
                 *   (properties?: kaji.etcd.v3.LeaseGrantRequest.$Properties): kaji.etcd.v3.LeaseGrantRequest;
                 * }}
                 */
                LeaseGrantRequest.create = function(properties) {
                    return new LeaseGrantRequest(properties);
                };

                /**
                 * Encodes the specified LeaseGrantRequest message. Does not implicitly {@link kaji.etcd.v3.LeaseGrantRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.LeaseGrantRequest
                 * @static
                 * @param {kaji.etcd.v3.LeaseGrantRequest.$Properties} message LeaseGrantRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                LeaseGrantRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.ttl != null && $Object.hasOwnProperty.call(message, "ttl") && (typeof message.ttl === "object" ? message.ttl.low || message.ttl.high : message.ttl !== 0))
                        writer.uint32(/* id 1, wireType 0 =*/8).int64(message.ttl);
                    if (message.id != null && $Object.hasOwnProperty.call(message, "id") && (typeof message.id === "object" ? message.id.low || message.id.high : message.id !== 0))
                        writer.uint32(/* id 2, wireType 0 =*/16).int64(message.id);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a LeaseGrantRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.LeaseGrantRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.LeaseGrantRequest & kaji.etcd.v3.LeaseGrantRequest.$Shape} LeaseGrantRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                LeaseGrantRequest.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.LeaseGrantRequest();
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
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.ttl = value;
                                else
                                    delete message.ttl;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.id = value;
                                else
                                    delete message.id;
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

                return LeaseGrantRequest;
            })();

            v3.LeaseGrantResponse = (function() {

                /**
                 * Properties of a LeaseGrantResponse.
                 * @typedef {Object} kaji.etcd.v3.LeaseGrantResponse.$Properties
                 * @property {kaji.etcd.v3.ResponseHeader.$Properties|null} [header] LeaseGrantResponse header
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a LeaseGrantResponse.
                 * @memberof kaji.etcd.v3
                 * @interface ILeaseGrantResponse
                 * @augments kaji.etcd.v3.LeaseGrantResponse.$Properties
                 * @deprecated Use kaji.etcd.v3.LeaseGrantResponse.$Properties instead.
                 */

                /**
                 * Shape of a LeaseGrantResponse.
                 * @typedef {kaji.etcd.v3.LeaseGrantResponse.$Properties} kaji.etcd.v3.LeaseGrantResponse.$Shape
                 */

                /**
                 * Constructs a new LeaseGrantResponse.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a LeaseGrantResponse.
                 * @constructor
                 * @param {kaji.etcd.v3.LeaseGrantResponse.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const LeaseGrantResponse = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * LeaseGrantResponse header.
                 * @member {kaji.etcd.v3.ResponseHeader.$Properties|null|undefined} header
                 * @memberof kaji.etcd.v3.LeaseGrantResponse
                 * @instance
                 */
                LeaseGrantResponse.prototype.header = null;

                /**
                 * Creates a new LeaseGrantResponse instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.LeaseGrantResponse
                 * @static
                 * @param {kaji.etcd.v3.LeaseGrantResponse.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.LeaseGrantResponse} LeaseGrantResponse instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.LeaseGrantResponse.$Shape): kaji.etcd.v3.LeaseGrantResponse & kaji.etcd.v3.LeaseGrantResponse.$Shape;
                 *   (properties?: kaji.etcd.v3.LeaseGrantResponse.$Properties): kaji.etcd.v3.LeaseGrantResponse;
                 * }}
                 */
                LeaseGrantResponse.create = function(properties) {
                    return new LeaseGrantResponse(properties);
                };

                /**
                 * Encodes the specified LeaseGrantResponse message. Does not implicitly {@link kaji.etcd.v3.LeaseGrantResponse.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.LeaseGrantResponse
                 * @static
                 * @param {kaji.etcd.v3.LeaseGrantResponse.$Properties} message LeaseGrantResponse message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                LeaseGrantResponse.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                        $root.kaji.etcd.v3.ResponseHeader.encode(message.header, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a LeaseGrantResponse message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.LeaseGrantResponse
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.LeaseGrantResponse & kaji.etcd.v3.LeaseGrantResponse.$Shape} LeaseGrantResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                LeaseGrantResponse.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.LeaseGrantResponse();
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
                                message.header = $root.kaji.etcd.v3.ResponseHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
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

                return LeaseGrantResponse;
            })();

            v3.LeaseKeepAliveRequest = (function() {

                /**
                 * Properties of a LeaseKeepAliveRequest.
                 * @typedef {Object} kaji.etcd.v3.LeaseKeepAliveRequest.$Properties
                 * @property {number|null} [id] LeaseKeepAliveRequest id
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a LeaseKeepAliveRequest.
                 * @memberof kaji.etcd.v3
                 * @interface ILeaseKeepAliveRequest
                 * @augments kaji.etcd.v3.LeaseKeepAliveRequest.$Properties
                 * @deprecated Use kaji.etcd.v3.LeaseKeepAliveRequest.$Properties instead.
                 */

                /**
                 * Shape of a LeaseKeepAliveRequest.
                 * @typedef {kaji.etcd.v3.LeaseKeepAliveRequest.$Properties} kaji.etcd.v3.LeaseKeepAliveRequest.$Shape
                 */

                /**
                 * Constructs a new LeaseKeepAliveRequest.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a LeaseKeepAliveRequest.
                 * @constructor
                 * @param {kaji.etcd.v3.LeaseKeepAliveRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const LeaseKeepAliveRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * LeaseKeepAliveRequest id.
                 * @member {number} id
                 * @memberof kaji.etcd.v3.LeaseKeepAliveRequest
                 * @instance
                 */
                LeaseKeepAliveRequest.prototype.id = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * Creates a new LeaseKeepAliveRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.LeaseKeepAliveRequest
                 * @static
                 * @param {kaji.etcd.v3.LeaseKeepAliveRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.LeaseKeepAliveRequest} LeaseKeepAliveRequest instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.LeaseKeepAliveRequest.$Shape): kaji.etcd.v3.LeaseKeepAliveRequest & kaji.etcd.v3.LeaseKeepAliveRequest.$Shape;
                 *   (properties?: kaji.etcd.v3.LeaseKeepAliveRequest.$Properties): kaji.etcd.v3.LeaseKeepAliveRequest;
                 * }}
                 */
                LeaseKeepAliveRequest.create = function(properties) {
                    return new LeaseKeepAliveRequest(properties);
                };

                /**
                 * Encodes the specified LeaseKeepAliveRequest message. Does not implicitly {@link kaji.etcd.v3.LeaseKeepAliveRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.LeaseKeepAliveRequest
                 * @static
                 * @param {kaji.etcd.v3.LeaseKeepAliveRequest.$Properties} message LeaseKeepAliveRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                LeaseKeepAliveRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.id != null && $Object.hasOwnProperty.call(message, "id") && (typeof message.id === "object" ? message.id.low || message.id.high : message.id !== 0))
                        writer.uint32(/* id 1, wireType 0 =*/8).int64(message.id);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a LeaseKeepAliveRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.LeaseKeepAliveRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.LeaseKeepAliveRequest & kaji.etcd.v3.LeaseKeepAliveRequest.$Shape} LeaseKeepAliveRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                LeaseKeepAliveRequest.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.LeaseKeepAliveRequest();
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
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.id = value;
                                else
                                    delete message.id;
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

                return LeaseKeepAliveRequest;
            })();

            v3.LeaseKeepAliveResponse = (function() {

                /**
                 * Properties of a LeaseKeepAliveResponse.
                 * @typedef {Object} kaji.etcd.v3.LeaseKeepAliveResponse.$Properties
                 * @property {kaji.etcd.v3.ResponseHeader.$Properties|null} [header] LeaseKeepAliveResponse header
                 * @property {number|null} [ttl] LeaseKeepAliveResponse ttl
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a LeaseKeepAliveResponse.
                 * @memberof kaji.etcd.v3
                 * @interface ILeaseKeepAliveResponse
                 * @augments kaji.etcd.v3.LeaseKeepAliveResponse.$Properties
                 * @deprecated Use kaji.etcd.v3.LeaseKeepAliveResponse.$Properties instead.
                 */

                /**
                 * Shape of a LeaseKeepAliveResponse.
                 * @typedef {kaji.etcd.v3.LeaseKeepAliveResponse.$Properties} kaji.etcd.v3.LeaseKeepAliveResponse.$Shape
                 */

                /**
                 * Constructs a new LeaseKeepAliveResponse.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a LeaseKeepAliveResponse.
                 * @constructor
                 * @param {kaji.etcd.v3.LeaseKeepAliveResponse.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const LeaseKeepAliveResponse = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * LeaseKeepAliveResponse header.
                 * @member {kaji.etcd.v3.ResponseHeader.$Properties|null|undefined} header
                 * @memberof kaji.etcd.v3.LeaseKeepAliveResponse
                 * @instance
                 */
                LeaseKeepAliveResponse.prototype.header = null;

                /**
                 * LeaseKeepAliveResponse ttl.
                 * @member {number} ttl
                 * @memberof kaji.etcd.v3.LeaseKeepAliveResponse
                 * @instance
                 */
                LeaseKeepAliveResponse.prototype.ttl = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * Creates a new LeaseKeepAliveResponse instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.LeaseKeepAliveResponse
                 * @static
                 * @param {kaji.etcd.v3.LeaseKeepAliveResponse.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.LeaseKeepAliveResponse} LeaseKeepAliveResponse instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.LeaseKeepAliveResponse.$Shape): kaji.etcd.v3.LeaseKeepAliveResponse & kaji.etcd.v3.LeaseKeepAliveResponse.$Shape;
                 *   (properties?: kaji.etcd.v3.LeaseKeepAliveResponse.$Properties): kaji.etcd.v3.LeaseKeepAliveResponse;
                 * }}
                 */
                LeaseKeepAliveResponse.create = function(properties) {
                    return new LeaseKeepAliveResponse(properties);
                };

                /**
                 * Encodes the specified LeaseKeepAliveResponse message. Does not implicitly {@link kaji.etcd.v3.LeaseKeepAliveResponse.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.LeaseKeepAliveResponse
                 * @static
                 * @param {kaji.etcd.v3.LeaseKeepAliveResponse.$Properties} message LeaseKeepAliveResponse message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                LeaseKeepAliveResponse.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                        $root.kaji.etcd.v3.ResponseHeader.encode(message.header, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                    if (message.ttl != null && $Object.hasOwnProperty.call(message, "ttl") && (typeof message.ttl === "object" ? message.ttl.low || message.ttl.high : message.ttl !== 0))
                        writer.uint32(/* id 3, wireType 0 =*/24).int64(message.ttl);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a LeaseKeepAliveResponse message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.LeaseKeepAliveResponse
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.LeaseKeepAliveResponse & kaji.etcd.v3.LeaseKeepAliveResponse.$Shape} LeaseKeepAliveResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                LeaseKeepAliveResponse.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.LeaseKeepAliveResponse();
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
                                message.header = $root.kaji.etcd.v3.ResponseHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.ttl = value;
                                else
                                    delete message.ttl;
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

                return LeaseKeepAliveResponse;
            })();

            v3.LeaseRevokeRequest = (function() {

                /**
                 * Properties of a LeaseRevokeRequest.
                 * @typedef {Object} kaji.etcd.v3.LeaseRevokeRequest.$Properties
                 * @property {number|null} [id] LeaseRevokeRequest id
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a LeaseRevokeRequest.
                 * @memberof kaji.etcd.v3
                 * @interface ILeaseRevokeRequest
                 * @augments kaji.etcd.v3.LeaseRevokeRequest.$Properties
                 * @deprecated Use kaji.etcd.v3.LeaseRevokeRequest.$Properties instead.
                 */

                /**
                 * Shape of a LeaseRevokeRequest.
                 * @typedef {kaji.etcd.v3.LeaseRevokeRequest.$Properties} kaji.etcd.v3.LeaseRevokeRequest.$Shape
                 */

                /**
                 * Constructs a new LeaseRevokeRequest.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a LeaseRevokeRequest.
                 * @constructor
                 * @param {kaji.etcd.v3.LeaseRevokeRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const LeaseRevokeRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * LeaseRevokeRequest id.
                 * @member {number} id
                 * @memberof kaji.etcd.v3.LeaseRevokeRequest
                 * @instance
                 */
                LeaseRevokeRequest.prototype.id = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                /**
                 * Creates a new LeaseRevokeRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.LeaseRevokeRequest
                 * @static
                 * @param {kaji.etcd.v3.LeaseRevokeRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.LeaseRevokeRequest} LeaseRevokeRequest instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.LeaseRevokeRequest.$Shape): kaji.etcd.v3.LeaseRevokeRequest & kaji.etcd.v3.LeaseRevokeRequest.$Shape;
                 *   (properties?: kaji.etcd.v3.LeaseRevokeRequest.$Properties): kaji.etcd.v3.LeaseRevokeRequest;
                 * }}
                 */
                LeaseRevokeRequest.create = function(properties) {
                    return new LeaseRevokeRequest(properties);
                };

                /**
                 * Encodes the specified LeaseRevokeRequest message. Does not implicitly {@link kaji.etcd.v3.LeaseRevokeRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.LeaseRevokeRequest
                 * @static
                 * @param {kaji.etcd.v3.LeaseRevokeRequest.$Properties} message LeaseRevokeRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                LeaseRevokeRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.id != null && $Object.hasOwnProperty.call(message, "id") && (typeof message.id === "object" ? message.id.low || message.id.high : message.id !== 0))
                        writer.uint32(/* id 1, wireType 0 =*/8).int64(message.id);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a LeaseRevokeRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.LeaseRevokeRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.LeaseRevokeRequest & kaji.etcd.v3.LeaseRevokeRequest.$Shape} LeaseRevokeRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                LeaseRevokeRequest.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.LeaseRevokeRequest();
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
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.id = value;
                                else
                                    delete message.id;
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

                return LeaseRevokeRequest;
            })();

            v3.LeaseRevokeResponse = (function() {

                /**
                 * Properties of a LeaseRevokeResponse.
                 * @typedef {Object} kaji.etcd.v3.LeaseRevokeResponse.$Properties
                 * @property {kaji.etcd.v3.ResponseHeader.$Properties|null} [header] LeaseRevokeResponse header
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a LeaseRevokeResponse.
                 * @memberof kaji.etcd.v3
                 * @interface ILeaseRevokeResponse
                 * @augments kaji.etcd.v3.LeaseRevokeResponse.$Properties
                 * @deprecated Use kaji.etcd.v3.LeaseRevokeResponse.$Properties instead.
                 */

                /**
                 * Shape of a LeaseRevokeResponse.
                 * @typedef {kaji.etcd.v3.LeaseRevokeResponse.$Properties} kaji.etcd.v3.LeaseRevokeResponse.$Shape
                 */

                /**
                 * Constructs a new LeaseRevokeResponse.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a LeaseRevokeResponse.
                 * @constructor
                 * @param {kaji.etcd.v3.LeaseRevokeResponse.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const LeaseRevokeResponse = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * LeaseRevokeResponse header.
                 * @member {kaji.etcd.v3.ResponseHeader.$Properties|null|undefined} header
                 * @memberof kaji.etcd.v3.LeaseRevokeResponse
                 * @instance
                 */
                LeaseRevokeResponse.prototype.header = null;

                /**
                 * Creates a new LeaseRevokeResponse instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.LeaseRevokeResponse
                 * @static
                 * @param {kaji.etcd.v3.LeaseRevokeResponse.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.LeaseRevokeResponse} LeaseRevokeResponse instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.LeaseRevokeResponse.$Shape): kaji.etcd.v3.LeaseRevokeResponse & kaji.etcd.v3.LeaseRevokeResponse.$Shape;
                 *   (properties?: kaji.etcd.v3.LeaseRevokeResponse.$Properties): kaji.etcd.v3.LeaseRevokeResponse;
                 * }}
                 */
                LeaseRevokeResponse.create = function(properties) {
                    return new LeaseRevokeResponse(properties);
                };

                /**
                 * Encodes the specified LeaseRevokeResponse message. Does not implicitly {@link kaji.etcd.v3.LeaseRevokeResponse.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.LeaseRevokeResponse
                 * @static
                 * @param {kaji.etcd.v3.LeaseRevokeResponse.$Properties} message LeaseRevokeResponse message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                LeaseRevokeResponse.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                        $root.kaji.etcd.v3.ResponseHeader.encode(message.header, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a LeaseRevokeResponse message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.LeaseRevokeResponse
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.LeaseRevokeResponse & kaji.etcd.v3.LeaseRevokeResponse.$Shape} LeaseRevokeResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                LeaseRevokeResponse.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.LeaseRevokeResponse();
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
                                message.header = $root.kaji.etcd.v3.ResponseHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
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

                return LeaseRevokeResponse;
            })();

            v3.StatusRequest = (function() {

                /**
                 * Properties of a StatusRequest.
                 * @typedef {Object} kaji.etcd.v3.StatusRequest.$Properties
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a StatusRequest.
                 * @memberof kaji.etcd.v3
                 * @interface IStatusRequest
                 * @augments kaji.etcd.v3.StatusRequest.$Properties
                 * @deprecated Use kaji.etcd.v3.StatusRequest.$Properties instead.
                 */

                /**
                 * Shape of a StatusRequest.
                 * @typedef {kaji.etcd.v3.StatusRequest.$Properties} kaji.etcd.v3.StatusRequest.$Shape
                 */

                /**
                 * Constructs a new StatusRequest.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a StatusRequest.
                 * @constructor
                 * @param {kaji.etcd.v3.StatusRequest.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const StatusRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Creates a new StatusRequest instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.StatusRequest
                 * @static
                 * @param {kaji.etcd.v3.StatusRequest.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.StatusRequest} StatusRequest instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.StatusRequest.$Shape): kaji.etcd.v3.StatusRequest & kaji.etcd.v3.StatusRequest.$Shape;
                 *   (properties?: kaji.etcd.v3.StatusRequest.$Properties): kaji.etcd.v3.StatusRequest;
                 * }}
                 */
                StatusRequest.create = function(properties) {
                    return new StatusRequest(properties);
                };

                /**
                 * Encodes the specified StatusRequest message. Does not implicitly {@link kaji.etcd.v3.StatusRequest.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.StatusRequest
                 * @static
                 * @param {kaji.etcd.v3.StatusRequest.$Properties} message StatusRequest message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                StatusRequest.encode = function (message, writer, _depth) {
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
                 * Decodes a StatusRequest message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.StatusRequest
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.StatusRequest & kaji.etcd.v3.StatusRequest.$Shape} StatusRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                StatusRequest.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.StatusRequest();
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

                return StatusRequest;
            })();

            v3.StatusResponse = (function() {

                /**
                 * Properties of a StatusResponse.
                 * @typedef {Object} kaji.etcd.v3.StatusResponse.$Properties
                 * @property {kaji.etcd.v3.ResponseHeader.$Properties|null} [header] StatusResponse header
                 * @property {string|null} [version] StatusResponse version
                 * @property {number|null} [leader] StatusResponse leader
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a StatusResponse.
                 * @memberof kaji.etcd.v3
                 * @interface IStatusResponse
                 * @augments kaji.etcd.v3.StatusResponse.$Properties
                 * @deprecated Use kaji.etcd.v3.StatusResponse.$Properties instead.
                 */

                /**
                 * Shape of a StatusResponse.
                 * @typedef {kaji.etcd.v3.StatusResponse.$Properties} kaji.etcd.v3.StatusResponse.$Shape
                 */

                /**
                 * Constructs a new StatusResponse.
                 * @memberof kaji.etcd.v3
                 * @classdesc Represents a StatusResponse.
                 * @constructor
                 * @param {kaji.etcd.v3.StatusResponse.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const StatusResponse = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * StatusResponse header.
                 * @member {kaji.etcd.v3.ResponseHeader.$Properties|null|undefined} header
                 * @memberof kaji.etcd.v3.StatusResponse
                 * @instance
                 */
                StatusResponse.prototype.header = null;

                /**
                 * StatusResponse version.
                 * @member {string} version
                 * @memberof kaji.etcd.v3.StatusResponse
                 * @instance
                 */
                StatusResponse.prototype.version = "";

                /**
                 * StatusResponse leader.
                 * @member {number} leader
                 * @memberof kaji.etcd.v3.StatusResponse
                 * @instance
                 */
                StatusResponse.prototype.leader = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * Creates a new StatusResponse instance using the specified properties.
                 * @function create
                 * @memberof kaji.etcd.v3.StatusResponse
                 * @static
                 * @param {kaji.etcd.v3.StatusResponse.$Properties=} [properties] Properties to set
                 * @returns {kaji.etcd.v3.StatusResponse} StatusResponse instance
                 * @type {{
                 *   (properties: kaji.etcd.v3.StatusResponse.$Shape): kaji.etcd.v3.StatusResponse & kaji.etcd.v3.StatusResponse.$Shape;
                 *   (properties?: kaji.etcd.v3.StatusResponse.$Properties): kaji.etcd.v3.StatusResponse;
                 * }}
                 */
                StatusResponse.create = function(properties) {
                    return new StatusResponse(properties);
                };

                /**
                 * Encodes the specified StatusResponse message. Does not implicitly {@link kaji.etcd.v3.StatusResponse.verify|verify} messages.
                 * @function encode
                 * @memberof kaji.etcd.v3.StatusResponse
                 * @static
                 * @param {kaji.etcd.v3.StatusResponse.$Properties} message StatusResponse message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                StatusResponse.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                        $root.kaji.etcd.v3.ResponseHeader.encode(message.header, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                    if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== "")
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.version);
                    if (message.leader != null && $Object.hasOwnProperty.call(message, "leader") && (typeof message.leader === "object" ? message.leader.low || message.leader.high : message.leader !== 0))
                        writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.leader);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a StatusResponse message from the specified reader or buffer.
                 * @function decode
                 * @memberof kaji.etcd.v3.StatusResponse
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.StatusResponse & kaji.etcd.v3.StatusResponse.$Shape} StatusResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                StatusResponse.decode = function (reader, length, _end, _depth, _target) {
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
                    message = _target || new $root.kaji.etcd.v3.StatusResponse();
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
                                message.header = $root.kaji.etcd.v3.ResponseHeader.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.version = value;
                                else
                                    delete message.version;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.leader = value;
                                else
                                    delete message.leader;
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

                return StatusResponse;
            })();

            return v3;
        })();

        return etcd;
    })();

    return kaji;
})();

export {
  $root as default
};
