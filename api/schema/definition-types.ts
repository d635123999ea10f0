/** A property of an OpenAPI v2 definition, with Kubernetes' extensions. */
export interface SchemaProperty {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly items?: SchemaProperty;
  readonly additionalProperties?: SchemaProperty;
  readonly [extension: `x-kubernetes-${string}`]: unknown;
}

export interface SchemaDefinition extends SchemaProperty {
  readonly properties?: Readonly<Record<string, SchemaProperty>>;
  readonly required?: readonly string[];
}
