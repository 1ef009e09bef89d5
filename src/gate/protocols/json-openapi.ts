/** The description of the JSON API for programs: OpenAPI 3.1, whose schemas are JSON Schema 2020-12, made of those that check what comes in. */
import * as z from "zod";
import type { Handler, Reply } from "./exchange.ts";
import { answerSchema, problemSchema, questionSchema, reportSchema } from "./json-api.ts";

/** @param version Portcullis' own */
export function jsonOpenapi(version: string): Handler {
  const reply: Reply = { status: 200, type: "application/json", body: JSON.stringify(openapi(version), undefined, 2) };
  return () => reply;
}

export function openapi(version: string): object {
  return {
    openapi: "3.1.1",
    info: {
      title: "Portcullis gate",
      version,
      summary: "Ask before a password is checked, and tell how it went.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ token: [] }],
    paths: {
      "/v1/allow": {
        post: operation("allow", "Ask whether the password of this attempt should be checked.", "Question", {
          "200": { description: "The verdict.", content: body("application/json", "Answer") },
        }),
      },
      "/v1/report": {
        post: operation("report", "Tell how a sign-in went.", "Report", {
          "204": { description: "It is kept." },
          "503": { description: "It could not be kept. Send it again.", content: body(problemType, "Problem") },
        }),
      },
    },
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      schemas: {
        Question: schemaOf(questionSchema, "input"),
        Report: schemaOf(reportSchema, "input"),
        Answer: schemaOf(answerSchema, "output"),
        Problem: schemaOf(problemSchema, "output"),
      },
    },
  };
}

const problemType = "application/problem+json";

function schemaOf(schema: z.ZodType, io: "input" | "output"): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { target: "draft-2020-12", io });
  return rest;
}

const body = (type: string, schema: string): object => ({
  [type]: { schema: { $ref: `#/components/schemas/${schema}` } },
});

function operation(operationId: string, summary: string, schema: string, responses: object): object {
  return {
    operationId,
    summary,
    requestBody: { required: true, content: body("application/json", schema) },
    responses: {
      ...responses,
      "400": { description: "The body is not JSON.", content: body(problemType, "Problem") },
      "401": { description: "The token is missing or wrong." },
      "422": {
        description: "A field is missing or wrong: errors has pointers to them.",
        content: body(problemType, "Problem"),
      },
    },
  };
}
