// The real nginx of the tests asks before it looks at a password, and passes on what it was told.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { test } from "node:test";
import { nginxPackages, startNginx, visit } from "./nginx.ts";
import { lacks } from "./packages.ts";

const skip = lacks(...nginxPackages);

test("a real nginx opens a page to members only, and asks before anybody looks at the password", { skip }, async () => {
  const asked: string[] = [];
  const gate = createServer((request, response) => {
    const address = String(request.headers["x-real-ip"]);
    asked.push(address);
    response.writeHead(address === "127.0.0.43" ? 401 : 204).end();
  }).listen(0, "127.0.0.1");
  await once(gate, "listening");
  try {
    const bound = gate.address();
    const place = typeof bound === "object" && bound !== null ? bound.port : 0;
    await using nginx = await startNginx({
      accounts: new Map([["anna", "right"]]),
      asking: "auth_request /gate;",
      locations: `location = /gate { internal; proxy_pass http://127.0.0.1:${place}/; proxy_set_header X-Real-IP $remote_addr; }`,
    });
    assert.equal(await visit(nginx.port, "anna", "right", "127.0.0.41"), 200);
    assert.equal(await visit(nginx.port, "anna", "wrong", "127.0.0.42"), 401);
    assert.equal(await visit(nginx.port, "anna", "right", "127.0.0.43"), 401);
    assert.deepEqual(asked, ["127.0.0.41", "127.0.0.42", "127.0.0.43"]);
  } finally {
    gate.close();
    gate.closeAllConnections();
  }
});
