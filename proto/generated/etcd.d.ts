import * as $protobuf from "protobufjs/minimal.js";
import Long = require("long");

/** Namespace kaji. */
export namespace kaji {

    /** Namespace etcd. */
    namespace etcd {

        /** Namespace v3. */
        namespace v3 {

            /**
             * Properties of a ResponseHeader.
             * @deprecated Use kaji.etcd.v3.ResponseHeader.$Properties instead.
             */
            interface IResponseHeader extends kaji.etcd.v3.ResponseHeader.$Properties {
            }

            /** Represents a ResponseHeader. */
            class ResponseHeader {

                /**
                 * Constructs a new ResponseHeader.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.ResponseHeader.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ResponseHeader memberId. */
                memberId: number;

                /** ResponseHeader revision. */
                revision: number;

                /**
                 * Creates a new ResponseHeader instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ResponseHeader instance
                 */
                static create(properties: kaji.etcd.v3.ResponseHeader.$Shape): kaji.etcd.v3.ResponseHeader & kaji.etcd.v3.ResponseHeader.$Shape;
                static create(properties?: kaji.etcd.v3.ResponseHeader.$Properties): kaji.etcd.v3.ResponseHeader;

                /**
                 * Encodes the specified ResponseHeader message. Does not implicitly {@link kaji.etcd.v3.ResponseHeader.verify|verify} messages.
                 * @param message ResponseHeader message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.ResponseHeader.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ResponseHeader message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.ResponseHeader & kaji.etcd.v3.ResponseHeader.$Shape} ResponseHeader
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.ResponseHeader & kaji.etcd.v3.ResponseHeader.$Shape;
            }

            namespace ResponseHeader {

                /** Properties of a ResponseHeader. */
                interface $Properties {

                    /** ResponseHeader memberId */
                    memberId?: number;

                    /** ResponseHeader revision */
                    revision?: number;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ResponseHeader. */
                type $Shape = kaji.etcd.v3.ResponseHeader.$Properties;
            }

            /**
             * Properties of a KeyValue.
             * @deprecated Use kaji.etcd.v3.KeyValue.$Properties instead.
             */
            interface IKeyValue extends kaji.etcd.v3.KeyValue.$Properties {
            }

            /** Represents a KeyValue. */
            class KeyValue {

                /**
                 * Constructs a new KeyValue.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.KeyValue.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** KeyValue key. */
                key: Uint8Array;

                /** KeyValue createRevision. */
                createRevision: number;

                /** KeyValue modRevision. */
                modRevision: number;

                /** KeyValue version. */
                version: number;

                /** KeyValue value. */
                value: Uint8Array;

                /** KeyValue lease. */
                lease: number;

                /**
                 * Creates a new KeyValue instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns KeyValue instance
                 */
                static create(properties: kaji.etcd.v3.KeyValue.$Shape): kaji.etcd.v3.KeyValue & kaji.etcd.v3.KeyValue.$Shape;
                static create(properties?: kaji.etcd.v3.KeyValue.$Properties): kaji.etcd.v3.KeyValue;

                /**
                 * Encodes the specified KeyValue message. Does not implicitly {@link kaji.etcd.v3.KeyValue.verify|verify} messages.
                 * @param message KeyValue message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.KeyValue.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a KeyValue message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.KeyValue & kaji.etcd.v3.KeyValue.$Shape} KeyValue
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.KeyValue & kaji.etcd.v3.KeyValue.$Shape;
            }

            namespace KeyValue {

                /** Properties of a KeyValue. */
                interface $Properties {

                    /** KeyValue key */
                    key?: Uint8Array;

                    /** KeyValue createRevision */
                    createRevision?: number;

                    /** KeyValue modRevision */
                    modRevision?: number;

                    /** KeyValue version */
                    version?: number;

                    /** KeyValue value */
                    value?: Uint8Array;

                    /** KeyValue lease */
                    lease?: number;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a KeyValue. */
                type $Shape = kaji.etcd.v3.KeyValue.$Properties;
            }

            /**
             * Properties of a RangeRequest.
             * @deprecated Use kaji.etcd.v3.RangeRequest.$Properties instead.
             */
            interface IRangeRequest extends kaji.etcd.v3.RangeRequest.$Properties {
            }

            /** Represents a RangeRequest. */
            class RangeRequest {

                /**
                 * Constructs a new RangeRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.RangeRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** RangeRequest key. */
                key: Uint8Array;

                /** RangeRequest rangeEnd. */
                rangeEnd: Uint8Array;

                /** RangeRequest limit. */
                limit: number;

                /** RangeRequest revision. */
                revision: number;

                /** RangeRequest keysOnly. */
                keysOnly: boolean;

                /**
                 * Creates a new RangeRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns RangeRequest instance
                 */
                static create(properties: kaji.etcd.v3.RangeRequest.$Shape): kaji.etcd.v3.RangeRequest & kaji.etcd.v3.RangeRequest.$Shape;
                static create(properties?: kaji.etcd.v3.RangeRequest.$Properties): kaji.etcd.v3.RangeRequest;

                /**
                 * Encodes the specified RangeRequest message. Does not implicitly {@link kaji.etcd.v3.RangeRequest.verify|verify} messages.
                 * @param message RangeRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.RangeRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a RangeRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.RangeRequest & kaji.etcd.v3.RangeRequest.$Shape} RangeRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.RangeRequest & kaji.etcd.v3.RangeRequest.$Shape;
            }

            namespace RangeRequest {

                /** Properties of a RangeRequest. */
                interface $Properties {

                    /** RangeRequest key */
                    key?: Uint8Array;

                    /** RangeRequest rangeEnd */
                    rangeEnd?: Uint8Array;

                    /** RangeRequest limit */
                    limit?: number;

                    /** RangeRequest revision */
                    revision?: number;

                    /** RangeRequest keysOnly */
                    keysOnly?: boolean;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a RangeRequest. */
                type $Shape = kaji.etcd.v3.RangeRequest.$Properties;
            }

            /**
             * Properties of a RangeResponse.
             * @deprecated Use kaji.etcd.v3.RangeResponse.$Properties instead.
             */
            interface IRangeResponse extends kaji.etcd.v3.RangeResponse.$Properties {
            }

            /** Represents a RangeResponse. */
            class RangeResponse {

                /**
                 * Constructs a new RangeResponse.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.RangeResponse.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** RangeResponse header. */
                header?: (kaji.etcd.v3.ResponseHeader.$Properties|null);

                /** RangeResponse kvs. */
                kvs: kaji.etcd.v3.KeyValue.$Properties[];

                /** RangeResponse more. */
                more: boolean;

                /** RangeResponse count. */
                count: number;

                /**
                 * Creates a new RangeResponse instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns RangeResponse instance
                 */
                static create(properties: kaji.etcd.v3.RangeResponse.$Shape): kaji.etcd.v3.RangeResponse & kaji.etcd.v3.RangeResponse.$Shape;
                static create(properties?: kaji.etcd.v3.RangeResponse.$Properties): kaji.etcd.v3.RangeResponse;

                /**
                 * Encodes the specified RangeResponse message. Does not implicitly {@link kaji.etcd.v3.RangeResponse.verify|verify} messages.
                 * @param message RangeResponse message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.RangeResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a RangeResponse message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.RangeResponse & kaji.etcd.v3.RangeResponse.$Shape} RangeResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.RangeResponse & kaji.etcd.v3.RangeResponse.$Shape;
            }

            namespace RangeResponse {

                /** Properties of a RangeResponse. */
                interface $Properties {

                    /** RangeResponse header */
                    header?: (kaji.etcd.v3.ResponseHeader.$Properties|null);

                    /** RangeResponse kvs */
                    kvs?: (kaji.etcd.v3.KeyValue.$Properties[]|null);

                    /** RangeResponse more */
                    more?: boolean;

                    /** RangeResponse count */
                    count?: number;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a RangeResponse. */
                type $Shape = kaji.etcd.v3.RangeResponse.$Properties;
            }

            /**
             * Properties of a PutRequest.
             * @deprecated Use kaji.etcd.v3.PutRequest.$Properties instead.
             */
            interface IPutRequest extends kaji.etcd.v3.PutRequest.$Properties {
            }

            /** Represents a PutRequest. */
            class PutRequest {

                /**
                 * Constructs a new PutRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.PutRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PutRequest key. */
                key: Uint8Array;

                /** PutRequest value. */
                value: Uint8Array;

                /** PutRequest lease. */
                lease: number;

                /** PutRequest prevKv. */
                prevKv: boolean;

                /**
                 * Creates a new PutRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PutRequest instance
                 */
                static create(properties: kaji.etcd.v3.PutRequest.$Shape): kaji.etcd.v3.PutRequest & kaji.etcd.v3.PutRequest.$Shape;
                static create(properties?: kaji.etcd.v3.PutRequest.$Properties): kaji.etcd.v3.PutRequest;

                /**
                 * Encodes the specified PutRequest message. Does not implicitly {@link kaji.etcd.v3.PutRequest.verify|verify} messages.
                 * @param message PutRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.PutRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PutRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.PutRequest & kaji.etcd.v3.PutRequest.$Shape} PutRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.PutRequest & kaji.etcd.v3.PutRequest.$Shape;
            }

            namespace PutRequest {

                /** Properties of a PutRequest. */
                interface $Properties {

                    /** PutRequest key */
                    key?: Uint8Array;

                    /** PutRequest value */
                    value?: Uint8Array;

                    /** PutRequest lease */
                    lease?: number;

                    /** PutRequest prevKv */
                    prevKv?: boolean;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PutRequest. */
                type $Shape = kaji.etcd.v3.PutRequest.$Properties;
            }

            /**
             * Properties of a PutResponse.
             * @deprecated Use kaji.etcd.v3.PutResponse.$Properties instead.
             */
            interface IPutResponse extends kaji.etcd.v3.PutResponse.$Properties {
            }

            /** Represents a PutResponse. */
            class PutResponse {

                /**
                 * Constructs a new PutResponse.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.PutResponse.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PutResponse prevKv. */
                prevKv?: (kaji.etcd.v3.KeyValue.$Properties|null);

                /**
                 * Creates a new PutResponse instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PutResponse instance
                 */
                static create(properties: kaji.etcd.v3.PutResponse.$Shape): kaji.etcd.v3.PutResponse & kaji.etcd.v3.PutResponse.$Shape;
                static create(properties?: kaji.etcd.v3.PutResponse.$Properties): kaji.etcd.v3.PutResponse;

                /**
                 * Encodes the specified PutResponse message. Does not implicitly {@link kaji.etcd.v3.PutResponse.verify|verify} messages.
                 * @param message PutResponse message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.PutResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PutResponse message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.PutResponse & kaji.etcd.v3.PutResponse.$Shape} PutResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.PutResponse & kaji.etcd.v3.PutResponse.$Shape;
            }

            namespace PutResponse {

                /** Properties of a PutResponse. */
                interface $Properties {

                    /** PutResponse prevKv */
                    prevKv?: (kaji.etcd.v3.KeyValue.$Properties|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PutResponse. */
                type $Shape = kaji.etcd.v3.PutResponse.$Properties;
            }

            /**
             * Properties of a DeleteRangeRequest.
             * @deprecated Use kaji.etcd.v3.DeleteRangeRequest.$Properties instead.
             */
            interface IDeleteRangeRequest extends kaji.etcd.v3.DeleteRangeRequest.$Properties {
            }

            /** Represents a DeleteRangeRequest. */
            class DeleteRangeRequest {

                /**
                 * Constructs a new DeleteRangeRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.DeleteRangeRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** DeleteRangeRequest key. */
                key: Uint8Array;

                /** DeleteRangeRequest prevKv. */
                prevKv: boolean;

                /**
                 * Creates a new DeleteRangeRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns DeleteRangeRequest instance
                 */
                static create(properties: kaji.etcd.v3.DeleteRangeRequest.$Shape): kaji.etcd.v3.DeleteRangeRequest & kaji.etcd.v3.DeleteRangeRequest.$Shape;
                static create(properties?: kaji.etcd.v3.DeleteRangeRequest.$Properties): kaji.etcd.v3.DeleteRangeRequest;

                /**
                 * Encodes the specified DeleteRangeRequest message. Does not implicitly {@link kaji.etcd.v3.DeleteRangeRequest.verify|verify} messages.
                 * @param message DeleteRangeRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.DeleteRangeRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a DeleteRangeRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.DeleteRangeRequest & kaji.etcd.v3.DeleteRangeRequest.$Shape} DeleteRangeRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.DeleteRangeRequest & kaji.etcd.v3.DeleteRangeRequest.$Shape;
            }

            namespace DeleteRangeRequest {

                /** Properties of a DeleteRangeRequest. */
                interface $Properties {

                    /** DeleteRangeRequest key */
                    key?: Uint8Array;

                    /** DeleteRangeRequest prevKv */
                    prevKv?: boolean;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a DeleteRangeRequest. */
                type $Shape = kaji.etcd.v3.DeleteRangeRequest.$Properties;
            }

            /**
             * Properties of a DeleteRangeResponse.
             * @deprecated Use kaji.etcd.v3.DeleteRangeResponse.$Properties instead.
             */
            interface IDeleteRangeResponse extends kaji.etcd.v3.DeleteRangeResponse.$Properties {
            }

            /** Represents a DeleteRangeResponse. */
            class DeleteRangeResponse {

                /**
                 * Constructs a new DeleteRangeResponse.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.DeleteRangeResponse.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** DeleteRangeResponse prevKvs. */
                prevKvs: kaji.etcd.v3.KeyValue.$Properties[];

                /**
                 * Creates a new DeleteRangeResponse instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns DeleteRangeResponse instance
                 */
                static create(properties: kaji.etcd.v3.DeleteRangeResponse.$Shape): kaji.etcd.v3.DeleteRangeResponse & kaji.etcd.v3.DeleteRangeResponse.$Shape;
                static create(properties?: kaji.etcd.v3.DeleteRangeResponse.$Properties): kaji.etcd.v3.DeleteRangeResponse;

                /**
                 * Encodes the specified DeleteRangeResponse message. Does not implicitly {@link kaji.etcd.v3.DeleteRangeResponse.verify|verify} messages.
                 * @param message DeleteRangeResponse message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.DeleteRangeResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a DeleteRangeResponse message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.DeleteRangeResponse & kaji.etcd.v3.DeleteRangeResponse.$Shape} DeleteRangeResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.DeleteRangeResponse & kaji.etcd.v3.DeleteRangeResponse.$Shape;
            }

            namespace DeleteRangeResponse {

                /** Properties of a DeleteRangeResponse. */
                interface $Properties {

                    /** DeleteRangeResponse prevKvs */
                    prevKvs?: (kaji.etcd.v3.KeyValue.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a DeleteRangeResponse. */
                type $Shape = kaji.etcd.v3.DeleteRangeResponse.$Properties;
            }

            /**
             * Properties of a RequestOp.
             * @deprecated Use kaji.etcd.v3.RequestOp.$Properties instead.
             */
            interface IRequestOp extends kaji.etcd.v3.RequestOp.$Properties {
            }

            /** Represents a RequestOp. */
            class RequestOp {

                /**
                 * Constructs a new RequestOp.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.RequestOp.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** RequestOp requestRange. */
                requestRange?: (kaji.etcd.v3.RangeRequest.$Properties|null);

                /** RequestOp requestPut. */
                requestPut?: (kaji.etcd.v3.PutRequest.$Properties|null);

                /** RequestOp requestDeleteRange. */
                requestDeleteRange?: (kaji.etcd.v3.DeleteRangeRequest.$Properties|null);

                /** RequestOp request. */
                request?: ("requestRange"|"requestPut"|"requestDeleteRange");

                /**
                 * Creates a new RequestOp instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns RequestOp instance
                 */
                static create(properties: kaji.etcd.v3.RequestOp.$Shape): kaji.etcd.v3.RequestOp & kaji.etcd.v3.RequestOp.$Shape;
                static create(properties?: kaji.etcd.v3.RequestOp.$Properties): kaji.etcd.v3.RequestOp;

                /**
                 * Encodes the specified RequestOp message. Does not implicitly {@link kaji.etcd.v3.RequestOp.verify|verify} messages.
                 * @param message RequestOp message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.RequestOp.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a RequestOp message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.RequestOp & kaji.etcd.v3.RequestOp.$Shape} RequestOp
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.RequestOp & kaji.etcd.v3.RequestOp.$Shape;
            }

            namespace RequestOp {

                /** Properties of a RequestOp. */
                interface $Properties {

                    /** RequestOp requestRange */
                    requestRange?: (kaji.etcd.v3.RangeRequest.$Properties|null);

                    /** RequestOp requestPut */
                    requestPut?: (kaji.etcd.v3.PutRequest.$Properties|null);

                    /** RequestOp requestDeleteRange */
                    requestDeleteRange?: (kaji.etcd.v3.DeleteRangeRequest.$Properties|null);

                    /** RequestOp request */
                    request?: ("requestRange"|"requestPut"|"requestDeleteRange");

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Narrowed shape of a RequestOp. */
                type $Shape = {
                  requestRange?: kaji.etcd.v3.RangeRequest.$Shape|null;
                  requestPut?: kaji.etcd.v3.PutRequest.$Shape|null;
                  requestDeleteRange?: kaji.etcd.v3.DeleteRangeRequest.$Shape|null;
                  $unknowns?: Uint8Array[];
                } & (
                  ({ request?: never; requestRange?: never; requestPut?: never; requestDeleteRange?: never }|{ request?: "requestRange"; requestRange: kaji.etcd.v3.RangeRequest.$Shape; requestPut?: never; requestDeleteRange?: never }|{ request?: "requestPut"; requestRange?: never; requestPut: kaji.etcd.v3.PutRequest.$Shape; requestDeleteRange?: never }|{ request?: "requestDeleteRange"; requestRange?: never; requestPut?: never; requestDeleteRange: kaji.etcd.v3.DeleteRangeRequest.$Shape })
                );
            }

            /**
             * Properties of a ResponseOp.
             * @deprecated Use kaji.etcd.v3.ResponseOp.$Properties instead.
             */
            interface IResponseOp extends kaji.etcd.v3.ResponseOp.$Properties {
            }

            /** Represents a ResponseOp. */
            class ResponseOp {

                /**
                 * Constructs a new ResponseOp.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.ResponseOp.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ResponseOp responseRange. */
                responseRange?: (kaji.etcd.v3.RangeResponse.$Properties|null);

                /** ResponseOp responsePut. */
                responsePut?: (kaji.etcd.v3.PutResponse.$Properties|null);

                /** ResponseOp responseDeleteRange. */
                responseDeleteRange?: (kaji.etcd.v3.DeleteRangeResponse.$Properties|null);

                /** ResponseOp response. */
                response?: ("responseRange"|"responsePut"|"responseDeleteRange");

                /**
                 * Creates a new ResponseOp instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns ResponseOp instance
                 */
                static create(properties: kaji.etcd.v3.ResponseOp.$Shape): kaji.etcd.v3.ResponseOp & kaji.etcd.v3.ResponseOp.$Shape;
                static create(properties?: kaji.etcd.v3.ResponseOp.$Properties): kaji.etcd.v3.ResponseOp;

                /**
                 * Encodes the specified ResponseOp message. Does not implicitly {@link kaji.etcd.v3.ResponseOp.verify|verify} messages.
                 * @param message ResponseOp message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.ResponseOp.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ResponseOp message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.ResponseOp & kaji.etcd.v3.ResponseOp.$Shape} ResponseOp
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.ResponseOp & kaji.etcd.v3.ResponseOp.$Shape;
            }

            namespace ResponseOp {

                /** Properties of a ResponseOp. */
                interface $Properties {

                    /** ResponseOp responseRange */
                    responseRange?: (kaji.etcd.v3.RangeResponse.$Properties|null);

                    /** ResponseOp responsePut */
                    responsePut?: (kaji.etcd.v3.PutResponse.$Properties|null);

                    /** ResponseOp responseDeleteRange */
                    responseDeleteRange?: (kaji.etcd.v3.DeleteRangeResponse.$Properties|null);

                    /** ResponseOp response */
                    response?: ("responseRange"|"responsePut"|"responseDeleteRange");

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Narrowed shape of a ResponseOp. */
                type $Shape = {
                  responseRange?: kaji.etcd.v3.RangeResponse.$Shape|null;
                  responsePut?: kaji.etcd.v3.PutResponse.$Shape|null;
                  responseDeleteRange?: kaji.etcd.v3.DeleteRangeResponse.$Shape|null;
                  $unknowns?: Uint8Array[];
                } & (
                  ({ response?: never; responseRange?: never; responsePut?: never; responseDeleteRange?: never }|{ response?: "responseRange"; responseRange: kaji.etcd.v3.RangeResponse.$Shape; responsePut?: never; responseDeleteRange?: never }|{ response?: "responsePut"; responseRange?: never; responsePut: kaji.etcd.v3.PutResponse.$Shape; responseDeleteRange?: never }|{ response?: "responseDeleteRange"; responseRange?: never; responsePut?: never; responseDeleteRange: kaji.etcd.v3.DeleteRangeResponse.$Shape })
                );
            }

            /**
             * Properties of a Compare.
             * @deprecated Use kaji.etcd.v3.Compare.$Properties instead.
             */
            interface ICompare extends kaji.etcd.v3.Compare.$Properties {
            }

            /** Represents a Compare. */
            class Compare {

                /**
                 * Constructs a new Compare.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.Compare.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Compare result. */
                result: kaji.etcd.v3.Compare.CompareResult;

                /** Compare target. */
                target: kaji.etcd.v3.Compare.CompareTarget;

                /** Compare key. */
                key: Uint8Array;

                /** Compare version. */
                version?: number;

                /** Compare createRevision. */
                createRevision?: number;

                /** Compare modRevision. */
                modRevision?: number;

                /** Compare targetUnion. */
                targetUnion?: ("version"|"createRevision"|"modRevision");

                /**
                 * Creates a new Compare instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Compare instance
                 */
                static create(properties: kaji.etcd.v3.Compare.$Shape): kaji.etcd.v3.Compare & kaji.etcd.v3.Compare.$Shape;
                static create(properties?: kaji.etcd.v3.Compare.$Properties): kaji.etcd.v3.Compare;

                /**
                 * Encodes the specified Compare message. Does not implicitly {@link kaji.etcd.v3.Compare.verify|verify} messages.
                 * @param message Compare message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.Compare.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Compare message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.Compare & kaji.etcd.v3.Compare.$Shape} Compare
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.Compare & kaji.etcd.v3.Compare.$Shape;
            }

            namespace Compare {

                /** Properties of a Compare. */
                interface $Properties {

                    /** Compare result */
                    result?: (kaji.etcd.v3.Compare.CompareResult|null);

                    /** Compare target */
                    target?: (kaji.etcd.v3.Compare.CompareTarget|null);

                    /** Compare key */
                    key?: Uint8Array;

                    /** Compare version */
                    version?: number;

                    /** Compare createRevision */
                    createRevision?: number;

                    /** Compare modRevision */
                    modRevision?: number;

                    /** Compare targetUnion */
                    targetUnion?: ("version"|"createRevision"|"modRevision");

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Narrowed shape of a Compare. */
                type $Shape = {
                  result?: kaji.etcd.v3.Compare.CompareResult|null;
                  target?: kaji.etcd.v3.Compare.CompareTarget|null;
                  key?: Uint8Array;
                  version?: number;
                  createRevision?: number;
                  modRevision?: number;
                  $unknowns?: Uint8Array[];
                } & (
                  ({ targetUnion?: never; version?: never; createRevision?: never; modRevision?: never }|{ targetUnion?: "version"; version: number; createRevision?: never; modRevision?: never }|{ targetUnion?: "createRevision"; version?: never; createRevision: number; modRevision?: never }|{ targetUnion?: "modRevision"; version?: never; createRevision?: never; modRevision: number })
                );

                /** CompareResult enum. */
                enum CompareResult {

                    /** EQUAL value */
                    EQUAL = 0,

                    /** GREATER value */
                    GREATER = 1,

                    /** LESS value */
                    LESS = 2,

                    /** NOT_EQUAL value */
                    NOT_EQUAL = 3
                }

                /** CompareTarget enum. */
                enum CompareTarget {

                    /** VERSION value */
                    VERSION = 0,

                    /** CREATE value */
                    CREATE = 1,

                    /** MOD value */
                    MOD = 2
                }
            }

            /**
             * Properties of a TxnRequest.
             * @deprecated Use kaji.etcd.v3.TxnRequest.$Properties instead.
             */
            interface ITxnRequest extends kaji.etcd.v3.TxnRequest.$Properties {
            }

            /** Represents a TxnRequest. */
            class TxnRequest {

                /**
                 * Constructs a new TxnRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.TxnRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** TxnRequest compare. */
                compare: kaji.etcd.v3.Compare.$Properties[];

                /** TxnRequest success. */
                success: kaji.etcd.v3.RequestOp.$Properties[];

                /** TxnRequest failure. */
                failure: kaji.etcd.v3.RequestOp.$Properties[];

                /**
                 * Creates a new TxnRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns TxnRequest instance
                 */
                static create(properties: kaji.etcd.v3.TxnRequest.$Shape): kaji.etcd.v3.TxnRequest & kaji.etcd.v3.TxnRequest.$Shape;
                static create(properties?: kaji.etcd.v3.TxnRequest.$Properties): kaji.etcd.v3.TxnRequest;

                /**
                 * Encodes the specified TxnRequest message. Does not implicitly {@link kaji.etcd.v3.TxnRequest.verify|verify} messages.
                 * @param message TxnRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.TxnRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a TxnRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.TxnRequest & kaji.etcd.v3.TxnRequest.$Shape} TxnRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.TxnRequest & kaji.etcd.v3.TxnRequest.$Shape;
            }

            namespace TxnRequest {

                /** Properties of a TxnRequest. */
                interface $Properties {

                    /** TxnRequest compare */
                    compare?: (kaji.etcd.v3.Compare.$Properties[]|null);

                    /** TxnRequest success */
                    success?: (kaji.etcd.v3.RequestOp.$Properties[]|null);

                    /** TxnRequest failure */
                    failure?: (kaji.etcd.v3.RequestOp.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a TxnRequest. */
                type $Shape = {
                  compare?: kaji.etcd.v3.Compare.$Shape[]|null;
                  success?: kaji.etcd.v3.RequestOp.$Shape[]|null;
                  failure?: kaji.etcd.v3.RequestOp.$Shape[]|null;
                  $unknowns?: Uint8Array[];
                };
            }

            /**
             * Properties of a TxnResponse.
             * @deprecated Use kaji.etcd.v3.TxnResponse.$Properties instead.
             */
            interface ITxnResponse extends kaji.etcd.v3.TxnResponse.$Properties {
            }

            /** Represents a TxnResponse. */
            class TxnResponse {

                /**
                 * Constructs a new TxnResponse.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.TxnResponse.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** TxnResponse header. */
                header?: (kaji.etcd.v3.ResponseHeader.$Properties|null);

                /** TxnResponse succeeded. */
                succeeded: boolean;

                /** TxnResponse responses. */
                responses: kaji.etcd.v3.ResponseOp.$Properties[];

                /**
                 * Creates a new TxnResponse instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns TxnResponse instance
                 */
                static create(properties: kaji.etcd.v3.TxnResponse.$Shape): kaji.etcd.v3.TxnResponse & kaji.etcd.v3.TxnResponse.$Shape;
                static create(properties?: kaji.etcd.v3.TxnResponse.$Properties): kaji.etcd.v3.TxnResponse;

                /**
                 * Encodes the specified TxnResponse message. Does not implicitly {@link kaji.etcd.v3.TxnResponse.verify|verify} messages.
                 * @param message TxnResponse message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.TxnResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a TxnResponse message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.TxnResponse & kaji.etcd.v3.TxnResponse.$Shape} TxnResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.TxnResponse & kaji.etcd.v3.TxnResponse.$Shape;
            }

            namespace TxnResponse {

                /** Properties of a TxnResponse. */
                interface $Properties {

                    /** TxnResponse header */
                    header?: (kaji.etcd.v3.ResponseHeader.$Properties|null);

                    /** TxnResponse succeeded */
                    succeeded?: boolean;

                    /** TxnResponse responses */
                    responses?: (kaji.etcd.v3.ResponseOp.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a TxnResponse. */
                type $Shape = {
                  header?: kaji.etcd.v3.ResponseHeader.$Shape|null;
                  succeeded?: boolean;
                  responses?: kaji.etcd.v3.ResponseOp.$Shape[]|null;
                  $unknowns?: Uint8Array[];
                };
            }

            /**
             * Properties of a CompactionRequest.
             * @deprecated Use kaji.etcd.v3.CompactionRequest.$Properties instead.
             */
            interface ICompactionRequest extends kaji.etcd.v3.CompactionRequest.$Properties {
            }

            /** Represents a CompactionRequest. */
            class CompactionRequest {

                /**
                 * Constructs a new CompactionRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.CompactionRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** CompactionRequest revision. */
                revision: number;

                /**
                 * Creates a new CompactionRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns CompactionRequest instance
                 */
                static create(properties: kaji.etcd.v3.CompactionRequest.$Shape): kaji.etcd.v3.CompactionRequest & kaji.etcd.v3.CompactionRequest.$Shape;
                static create(properties?: kaji.etcd.v3.CompactionRequest.$Properties): kaji.etcd.v3.CompactionRequest;

                /**
                 * Encodes the specified CompactionRequest message. Does not implicitly {@link kaji.etcd.v3.CompactionRequest.verify|verify} messages.
                 * @param message CompactionRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.CompactionRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a CompactionRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.CompactionRequest & kaji.etcd.v3.CompactionRequest.$Shape} CompactionRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.CompactionRequest & kaji.etcd.v3.CompactionRequest.$Shape;
            }

            namespace CompactionRequest {

                /** Properties of a CompactionRequest. */
                interface $Properties {

                    /** CompactionRequest revision */
                    revision?: number;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a CompactionRequest. */
                type $Shape = kaji.etcd.v3.CompactionRequest.$Properties;
            }

            /**
             * Properties of a CompactionResponse.
             * @deprecated Use kaji.etcd.v3.CompactionResponse.$Properties instead.
             */
            interface ICompactionResponse extends kaji.etcd.v3.CompactionResponse.$Properties {
            }

            /** Represents a CompactionResponse. */
            class CompactionResponse {

                /**
                 * Constructs a new CompactionResponse.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.CompactionResponse.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** CompactionResponse header. */
                header?: (kaji.etcd.v3.ResponseHeader.$Properties|null);

                /**
                 * Creates a new CompactionResponse instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns CompactionResponse instance
                 */
                static create(properties: kaji.etcd.v3.CompactionResponse.$Shape): kaji.etcd.v3.CompactionResponse & kaji.etcd.v3.CompactionResponse.$Shape;
                static create(properties?: kaji.etcd.v3.CompactionResponse.$Properties): kaji.etcd.v3.CompactionResponse;

                /**
                 * Encodes the specified CompactionResponse message. Does not implicitly {@link kaji.etcd.v3.CompactionResponse.verify|verify} messages.
                 * @param message CompactionResponse message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.CompactionResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a CompactionResponse message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.CompactionResponse & kaji.etcd.v3.CompactionResponse.$Shape} CompactionResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.CompactionResponse & kaji.etcd.v3.CompactionResponse.$Shape;
            }

            namespace CompactionResponse {

                /** Properties of a CompactionResponse. */
                interface $Properties {

                    /** CompactionResponse header */
                    header?: (kaji.etcd.v3.ResponseHeader.$Properties|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a CompactionResponse. */
                type $Shape = kaji.etcd.v3.CompactionResponse.$Properties;
            }

            /**
             * Properties of a WatchRequest.
             * @deprecated Use kaji.etcd.v3.WatchRequest.$Properties instead.
             */
            interface IWatchRequest extends kaji.etcd.v3.WatchRequest.$Properties {
            }

            /** Represents a WatchRequest. */
            class WatchRequest {

                /**
                 * Constructs a new WatchRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.WatchRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** WatchRequest createRequest. */
                createRequest?: (kaji.etcd.v3.WatchCreateRequest.$Properties|null);

                /** WatchRequest requestUnion. */
                requestUnion?: "createRequest";

                /**
                 * Creates a new WatchRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns WatchRequest instance
                 */
                static create(properties: kaji.etcd.v3.WatchRequest.$Shape): kaji.etcd.v3.WatchRequest & kaji.etcd.v3.WatchRequest.$Shape;
                static create(properties?: kaji.etcd.v3.WatchRequest.$Properties): kaji.etcd.v3.WatchRequest;

                /**
                 * Encodes the specified WatchRequest message. Does not implicitly {@link kaji.etcd.v3.WatchRequest.verify|verify} messages.
                 * @param message WatchRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.WatchRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a WatchRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.WatchRequest & kaji.etcd.v3.WatchRequest.$Shape} WatchRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.WatchRequest & kaji.etcd.v3.WatchRequest.$Shape;
            }

            namespace WatchRequest {

                /** Properties of a WatchRequest. */
                interface $Properties {

                    /** WatchRequest createRequest */
                    createRequest?: (kaji.etcd.v3.WatchCreateRequest.$Properties|null);

                    /** WatchRequest requestUnion */
                    requestUnion?: "createRequest";

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Narrowed shape of a WatchRequest. */
                type $Shape = {
                  createRequest?: kaji.etcd.v3.WatchCreateRequest.$Shape|null;
                  $unknowns?: Uint8Array[];
                } & (
                  ({ requestUnion?: never; createRequest?: never }|{ requestUnion?: "createRequest"; createRequest: kaji.etcd.v3.WatchCreateRequest.$Shape })
                );
            }

            /**
             * Properties of a WatchCreateRequest.
             * @deprecated Use kaji.etcd.v3.WatchCreateRequest.$Properties instead.
             */
            interface IWatchCreateRequest extends kaji.etcd.v3.WatchCreateRequest.$Properties {
            }

            /** Represents a WatchCreateRequest. */
            class WatchCreateRequest {

                /**
                 * Constructs a new WatchCreateRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.WatchCreateRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** WatchCreateRequest key. */
                key: Uint8Array;

                /** WatchCreateRequest rangeEnd. */
                rangeEnd: Uint8Array;

                /** WatchCreateRequest startRevision. */
                startRevision: number;

                /** WatchCreateRequest prevKv. */
                prevKv: boolean;

                /** WatchCreateRequest fragment. */
                fragment: boolean;

                /**
                 * Creates a new WatchCreateRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns WatchCreateRequest instance
                 */
                static create(properties: kaji.etcd.v3.WatchCreateRequest.$Shape): kaji.etcd.v3.WatchCreateRequest & kaji.etcd.v3.WatchCreateRequest.$Shape;
                static create(properties?: kaji.etcd.v3.WatchCreateRequest.$Properties): kaji.etcd.v3.WatchCreateRequest;

                /**
                 * Encodes the specified WatchCreateRequest message. Does not implicitly {@link kaji.etcd.v3.WatchCreateRequest.verify|verify} messages.
                 * @param message WatchCreateRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.WatchCreateRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a WatchCreateRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.WatchCreateRequest & kaji.etcd.v3.WatchCreateRequest.$Shape} WatchCreateRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.WatchCreateRequest & kaji.etcd.v3.WatchCreateRequest.$Shape;
            }

            namespace WatchCreateRequest {

                /** Properties of a WatchCreateRequest. */
                interface $Properties {

                    /** WatchCreateRequest key */
                    key?: Uint8Array;

                    /** WatchCreateRequest rangeEnd */
                    rangeEnd?: Uint8Array;

                    /** WatchCreateRequest startRevision */
                    startRevision?: number;

                    /** WatchCreateRequest prevKv */
                    prevKv?: boolean;

                    /** WatchCreateRequest fragment */
                    fragment?: boolean;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a WatchCreateRequest. */
                type $Shape = kaji.etcd.v3.WatchCreateRequest.$Properties;
            }

            /**
             * Properties of a WatchResponse.
             * @deprecated Use kaji.etcd.v3.WatchResponse.$Properties instead.
             */
            interface IWatchResponse extends kaji.etcd.v3.WatchResponse.$Properties {
            }

            /** Represents a WatchResponse. */
            class WatchResponse {

                /**
                 * Constructs a new WatchResponse.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.WatchResponse.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** WatchResponse header. */
                header?: (kaji.etcd.v3.ResponseHeader.$Properties|null);

                /** WatchResponse created. */
                created: boolean;

                /** WatchResponse canceled. */
                canceled: boolean;

                /** WatchResponse compactRevision. */
                compactRevision: number;

                /** WatchResponse cancelReason. */
                cancelReason: string;

                /** WatchResponse fragment. */
                fragment: boolean;

                /** WatchResponse events. */
                events: kaji.etcd.v3.Event.$Properties[];

                /**
                 * Creates a new WatchResponse instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns WatchResponse instance
                 */
                static create(properties: kaji.etcd.v3.WatchResponse.$Shape): kaji.etcd.v3.WatchResponse & kaji.etcd.v3.WatchResponse.$Shape;
                static create(properties?: kaji.etcd.v3.WatchResponse.$Properties): kaji.etcd.v3.WatchResponse;

                /**
                 * Encodes the specified WatchResponse message. Does not implicitly {@link kaji.etcd.v3.WatchResponse.verify|verify} messages.
                 * @param message WatchResponse message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.WatchResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a WatchResponse message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.WatchResponse & kaji.etcd.v3.WatchResponse.$Shape} WatchResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.WatchResponse & kaji.etcd.v3.WatchResponse.$Shape;
            }

            namespace WatchResponse {

                /** Properties of a WatchResponse. */
                interface $Properties {

                    /** WatchResponse header */
                    header?: (kaji.etcd.v3.ResponseHeader.$Properties|null);

                    /** WatchResponse created */
                    created?: boolean;

                    /** WatchResponse canceled */
                    canceled?: boolean;

                    /** WatchResponse compactRevision */
                    compactRevision?: number;

                    /** WatchResponse cancelReason */
                    cancelReason?: string;

                    /** WatchResponse fragment */
                    fragment?: boolean;

                    /** WatchResponse events */
                    events?: (kaji.etcd.v3.Event.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a WatchResponse. */
                type $Shape = kaji.etcd.v3.WatchResponse.$Properties;
            }

            /**
             * Properties of an Event.
             * @deprecated Use kaji.etcd.v3.Event.$Properties instead.
             */
            interface IEvent extends kaji.etcd.v3.Event.$Properties {
            }

            /** Represents an Event. */
            class Event {

                /**
                 * Constructs a new Event.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.Event.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Event type. */
                type: kaji.etcd.v3.Event.EventType;

                /** Event kv. */
                kv?: (kaji.etcd.v3.KeyValue.$Properties|null);

                /** Event prevKv. */
                prevKv?: (kaji.etcd.v3.KeyValue.$Properties|null);

                /**
                 * Creates a new Event instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Event instance
                 */
                static create(properties: kaji.etcd.v3.Event.$Shape): kaji.etcd.v3.Event & kaji.etcd.v3.Event.$Shape;
                static create(properties?: kaji.etcd.v3.Event.$Properties): kaji.etcd.v3.Event;

                /**
                 * Encodes the specified Event message. Does not implicitly {@link kaji.etcd.v3.Event.verify|verify} messages.
                 * @param message Event message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.Event.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an Event message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.Event & kaji.etcd.v3.Event.$Shape} Event
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.Event & kaji.etcd.v3.Event.$Shape;
            }

            namespace Event {

                /** Properties of an Event. */
                interface $Properties {

                    /** Event type */
                    type?: (kaji.etcd.v3.Event.EventType|null);

                    /** Event kv */
                    kv?: (kaji.etcd.v3.KeyValue.$Properties|null);

                    /** Event prevKv */
                    prevKv?: (kaji.etcd.v3.KeyValue.$Properties|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an Event. */
                type $Shape = kaji.etcd.v3.Event.$Properties;

                /** EventType enum. */
                enum EventType {

                    /** PUT value */
                    PUT = 0,

                    /** DELETE value */
                    DELETE = 1
                }
            }

            /**
             * Properties of a LeaseGrantRequest.
             * @deprecated Use kaji.etcd.v3.LeaseGrantRequest.$Properties instead.
             */
            interface ILeaseGrantRequest extends kaji.etcd.v3.LeaseGrantRequest.$Properties {
            }

            /** Represents a LeaseGrantRequest. */
            class LeaseGrantRequest {

                /**
                 * Constructs a new LeaseGrantRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.LeaseGrantRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** LeaseGrantRequest ttl. */
                ttl: number;

                /** LeaseGrantRequest id. */
                id: number;

                /**
                 * Creates a new LeaseGrantRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns LeaseGrantRequest instance
                 */
                static create(properties: kaji.etcd.v3.LeaseGrantRequest.$Shape): kaji.etcd.v3.LeaseGrantRequest & kaji.etcd.v3.LeaseGrantRequest.$Shape;
                static create(properties?: kaji.etcd.v3.LeaseGrantRequest.$Properties): kaji.etcd.v3.LeaseGrantRequest;

                /**
                 * Encodes the specified LeaseGrantRequest message. Does not implicitly {@link kaji.etcd.v3.LeaseGrantRequest.verify|verify} messages.
                 * @param message LeaseGrantRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.LeaseGrantRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a LeaseGrantRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.LeaseGrantRequest & kaji.etcd.v3.LeaseGrantRequest.$Shape} LeaseGrantRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.LeaseGrantRequest & kaji.etcd.v3.LeaseGrantRequest.$Shape;
            }

            namespace LeaseGrantRequest {

                /** Properties of a LeaseGrantRequest. */
                interface $Properties {

                    /** LeaseGrantRequest ttl */
                    ttl?: number;

                    /** LeaseGrantRequest id */
                    id?: number;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a LeaseGrantRequest. */
                type $Shape = kaji.etcd.v3.LeaseGrantRequest.$Properties;
            }

            /**
             * Properties of a LeaseGrantResponse.
             * @deprecated Use kaji.etcd.v3.LeaseGrantResponse.$Properties instead.
             */
            interface ILeaseGrantResponse extends kaji.etcd.v3.LeaseGrantResponse.$Properties {
            }

            /** Represents a LeaseGrantResponse. */
            class LeaseGrantResponse {

                /**
                 * Constructs a new LeaseGrantResponse.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.LeaseGrantResponse.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** LeaseGrantResponse header. */
                header?: (kaji.etcd.v3.ResponseHeader.$Properties|null);

                /**
                 * Creates a new LeaseGrantResponse instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns LeaseGrantResponse instance
                 */
                static create(properties: kaji.etcd.v3.LeaseGrantResponse.$Shape): kaji.etcd.v3.LeaseGrantResponse & kaji.etcd.v3.LeaseGrantResponse.$Shape;
                static create(properties?: kaji.etcd.v3.LeaseGrantResponse.$Properties): kaji.etcd.v3.LeaseGrantResponse;

                /**
                 * Encodes the specified LeaseGrantResponse message. Does not implicitly {@link kaji.etcd.v3.LeaseGrantResponse.verify|verify} messages.
                 * @param message LeaseGrantResponse message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.LeaseGrantResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a LeaseGrantResponse message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.LeaseGrantResponse & kaji.etcd.v3.LeaseGrantResponse.$Shape} LeaseGrantResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.LeaseGrantResponse & kaji.etcd.v3.LeaseGrantResponse.$Shape;
            }

            namespace LeaseGrantResponse {

                /** Properties of a LeaseGrantResponse. */
                interface $Properties {

                    /** LeaseGrantResponse header */
                    header?: (kaji.etcd.v3.ResponseHeader.$Properties|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a LeaseGrantResponse. */
                type $Shape = kaji.etcd.v3.LeaseGrantResponse.$Properties;
            }

            /**
             * Properties of a LeaseKeepAliveRequest.
             * @deprecated Use kaji.etcd.v3.LeaseKeepAliveRequest.$Properties instead.
             */
            interface ILeaseKeepAliveRequest extends kaji.etcd.v3.LeaseKeepAliveRequest.$Properties {
            }

            /** Represents a LeaseKeepAliveRequest. */
            class LeaseKeepAliveRequest {

                /**
                 * Constructs a new LeaseKeepAliveRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.LeaseKeepAliveRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** LeaseKeepAliveRequest id. */
                id: number;

                /**
                 * Creates a new LeaseKeepAliveRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns LeaseKeepAliveRequest instance
                 */
                static create(properties: kaji.etcd.v3.LeaseKeepAliveRequest.$Shape): kaji.etcd.v3.LeaseKeepAliveRequest & kaji.etcd.v3.LeaseKeepAliveRequest.$Shape;
                static create(properties?: kaji.etcd.v3.LeaseKeepAliveRequest.$Properties): kaji.etcd.v3.LeaseKeepAliveRequest;

                /**
                 * Encodes the specified LeaseKeepAliveRequest message. Does not implicitly {@link kaji.etcd.v3.LeaseKeepAliveRequest.verify|verify} messages.
                 * @param message LeaseKeepAliveRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.LeaseKeepAliveRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a LeaseKeepAliveRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.LeaseKeepAliveRequest & kaji.etcd.v3.LeaseKeepAliveRequest.$Shape} LeaseKeepAliveRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.LeaseKeepAliveRequest & kaji.etcd.v3.LeaseKeepAliveRequest.$Shape;
            }

            namespace LeaseKeepAliveRequest {

                /** Properties of a LeaseKeepAliveRequest. */
                interface $Properties {

                    /** LeaseKeepAliveRequest id */
                    id?: number;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a LeaseKeepAliveRequest. */
                type $Shape = kaji.etcd.v3.LeaseKeepAliveRequest.$Properties;
            }

            /**
             * Properties of a LeaseKeepAliveResponse.
             * @deprecated Use kaji.etcd.v3.LeaseKeepAliveResponse.$Properties instead.
             */
            interface ILeaseKeepAliveResponse extends kaji.etcd.v3.LeaseKeepAliveResponse.$Properties {
            }

            /** Represents a LeaseKeepAliveResponse. */
            class LeaseKeepAliveResponse {

                /**
                 * Constructs a new LeaseKeepAliveResponse.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.LeaseKeepAliveResponse.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** LeaseKeepAliveResponse header. */
                header?: (kaji.etcd.v3.ResponseHeader.$Properties|null);

                /** LeaseKeepAliveResponse ttl. */
                ttl: number;

                /**
                 * Creates a new LeaseKeepAliveResponse instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns LeaseKeepAliveResponse instance
                 */
                static create(properties: kaji.etcd.v3.LeaseKeepAliveResponse.$Shape): kaji.etcd.v3.LeaseKeepAliveResponse & kaji.etcd.v3.LeaseKeepAliveResponse.$Shape;
                static create(properties?: kaji.etcd.v3.LeaseKeepAliveResponse.$Properties): kaji.etcd.v3.LeaseKeepAliveResponse;

                /**
                 * Encodes the specified LeaseKeepAliveResponse message. Does not implicitly {@link kaji.etcd.v3.LeaseKeepAliveResponse.verify|verify} messages.
                 * @param message LeaseKeepAliveResponse message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.LeaseKeepAliveResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a LeaseKeepAliveResponse message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.LeaseKeepAliveResponse & kaji.etcd.v3.LeaseKeepAliveResponse.$Shape} LeaseKeepAliveResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.LeaseKeepAliveResponse & kaji.etcd.v3.LeaseKeepAliveResponse.$Shape;
            }

            namespace LeaseKeepAliveResponse {

                /** Properties of a LeaseKeepAliveResponse. */
                interface $Properties {

                    /** LeaseKeepAliveResponse header */
                    header?: (kaji.etcd.v3.ResponseHeader.$Properties|null);

                    /** LeaseKeepAliveResponse ttl */
                    ttl?: number;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a LeaseKeepAliveResponse. */
                type $Shape = kaji.etcd.v3.LeaseKeepAliveResponse.$Properties;
            }

            /**
             * Properties of a LeaseRevokeRequest.
             * @deprecated Use kaji.etcd.v3.LeaseRevokeRequest.$Properties instead.
             */
            interface ILeaseRevokeRequest extends kaji.etcd.v3.LeaseRevokeRequest.$Properties {
            }

            /** Represents a LeaseRevokeRequest. */
            class LeaseRevokeRequest {

                /**
                 * Constructs a new LeaseRevokeRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.LeaseRevokeRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** LeaseRevokeRequest id. */
                id: number;

                /**
                 * Creates a new LeaseRevokeRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns LeaseRevokeRequest instance
                 */
                static create(properties: kaji.etcd.v3.LeaseRevokeRequest.$Shape): kaji.etcd.v3.LeaseRevokeRequest & kaji.etcd.v3.LeaseRevokeRequest.$Shape;
                static create(properties?: kaji.etcd.v3.LeaseRevokeRequest.$Properties): kaji.etcd.v3.LeaseRevokeRequest;

                /**
                 * Encodes the specified LeaseRevokeRequest message. Does not implicitly {@link kaji.etcd.v3.LeaseRevokeRequest.verify|verify} messages.
                 * @param message LeaseRevokeRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.LeaseRevokeRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a LeaseRevokeRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.LeaseRevokeRequest & kaji.etcd.v3.LeaseRevokeRequest.$Shape} LeaseRevokeRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.LeaseRevokeRequest & kaji.etcd.v3.LeaseRevokeRequest.$Shape;
            }

            namespace LeaseRevokeRequest {

                /** Properties of a LeaseRevokeRequest. */
                interface $Properties {

                    /** LeaseRevokeRequest id */
                    id?: number;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a LeaseRevokeRequest. */
                type $Shape = kaji.etcd.v3.LeaseRevokeRequest.$Properties;
            }

            /**
             * Properties of a LeaseRevokeResponse.
             * @deprecated Use kaji.etcd.v3.LeaseRevokeResponse.$Properties instead.
             */
            interface ILeaseRevokeResponse extends kaji.etcd.v3.LeaseRevokeResponse.$Properties {
            }

            /** Represents a LeaseRevokeResponse. */
            class LeaseRevokeResponse {

                /**
                 * Constructs a new LeaseRevokeResponse.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.LeaseRevokeResponse.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** LeaseRevokeResponse header. */
                header?: (kaji.etcd.v3.ResponseHeader.$Properties|null);

                /**
                 * Creates a new LeaseRevokeResponse instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns LeaseRevokeResponse instance
                 */
                static create(properties: kaji.etcd.v3.LeaseRevokeResponse.$Shape): kaji.etcd.v3.LeaseRevokeResponse & kaji.etcd.v3.LeaseRevokeResponse.$Shape;
                static create(properties?: kaji.etcd.v3.LeaseRevokeResponse.$Properties): kaji.etcd.v3.LeaseRevokeResponse;

                /**
                 * Encodes the specified LeaseRevokeResponse message. Does not implicitly {@link kaji.etcd.v3.LeaseRevokeResponse.verify|verify} messages.
                 * @param message LeaseRevokeResponse message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.LeaseRevokeResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a LeaseRevokeResponse message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.LeaseRevokeResponse & kaji.etcd.v3.LeaseRevokeResponse.$Shape} LeaseRevokeResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.LeaseRevokeResponse & kaji.etcd.v3.LeaseRevokeResponse.$Shape;
            }

            namespace LeaseRevokeResponse {

                /** Properties of a LeaseRevokeResponse. */
                interface $Properties {

                    /** LeaseRevokeResponse header */
                    header?: (kaji.etcd.v3.ResponseHeader.$Properties|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a LeaseRevokeResponse. */
                type $Shape = kaji.etcd.v3.LeaseRevokeResponse.$Properties;
            }

            /**
             * Properties of a StatusRequest.
             * @deprecated Use kaji.etcd.v3.StatusRequest.$Properties instead.
             */
            interface IStatusRequest extends kaji.etcd.v3.StatusRequest.$Properties {
            }

            /** Represents a StatusRequest. */
            class StatusRequest {

                /**
                 * Constructs a new StatusRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.StatusRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /**
                 * Creates a new StatusRequest instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns StatusRequest instance
                 */
                static create(properties: kaji.etcd.v3.StatusRequest.$Shape): kaji.etcd.v3.StatusRequest & kaji.etcd.v3.StatusRequest.$Shape;
                static create(properties?: kaji.etcd.v3.StatusRequest.$Properties): kaji.etcd.v3.StatusRequest;

                /**
                 * Encodes the specified StatusRequest message. Does not implicitly {@link kaji.etcd.v3.StatusRequest.verify|verify} messages.
                 * @param message StatusRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.StatusRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a StatusRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.StatusRequest & kaji.etcd.v3.StatusRequest.$Shape} StatusRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.StatusRequest & kaji.etcd.v3.StatusRequest.$Shape;
            }

            namespace StatusRequest {

                /** Properties of a StatusRequest. */
                interface $Properties {

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a StatusRequest. */
                type $Shape = kaji.etcd.v3.StatusRequest.$Properties;
            }

            /**
             * Properties of a StatusResponse.
             * @deprecated Use kaji.etcd.v3.StatusResponse.$Properties instead.
             */
            interface IStatusResponse extends kaji.etcd.v3.StatusResponse.$Properties {
            }

            /** Represents a StatusResponse. */
            class StatusResponse {

                /**
                 * Constructs a new StatusResponse.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: kaji.etcd.v3.StatusResponse.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** StatusResponse header. */
                header?: (kaji.etcd.v3.ResponseHeader.$Properties|null);

                /** StatusResponse version. */
                version: string;

                /** StatusResponse leader. */
                leader: number;

                /**
                 * Creates a new StatusResponse instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns StatusResponse instance
                 */
                static create(properties: kaji.etcd.v3.StatusResponse.$Shape): kaji.etcd.v3.StatusResponse & kaji.etcd.v3.StatusResponse.$Shape;
                static create(properties?: kaji.etcd.v3.StatusResponse.$Properties): kaji.etcd.v3.StatusResponse;

                /**
                 * Encodes the specified StatusResponse message. Does not implicitly {@link kaji.etcd.v3.StatusResponse.verify|verify} messages.
                 * @param message StatusResponse message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: kaji.etcd.v3.StatusResponse.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a StatusResponse message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {kaji.etcd.v3.StatusResponse & kaji.etcd.v3.StatusResponse.$Shape} StatusResponse
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): kaji.etcd.v3.StatusResponse & kaji.etcd.v3.StatusResponse.$Shape;
            }

            namespace StatusResponse {

                /** Properties of a StatusResponse. */
                interface $Properties {

                    /** StatusResponse header */
                    header?: (kaji.etcd.v3.ResponseHeader.$Properties|null);

                    /** StatusResponse version */
                    version?: string;

                    /** StatusResponse leader */
                    leader?: number;

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a StatusResponse. */
                type $Shape = kaji.etcd.v3.StatusResponse.$Properties;
            }
        }
    }
}
