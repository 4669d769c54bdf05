import { z } from 'zod';
import type { EtcdAlarm, EtcdChange, EtcdMember, EtcdMemberStatus } from '../ports/etcd.ts';
import { etcdUnreachable } from './etcd-connection.ts';
import type { HttpsJsonAnswer } from './https-json.ts';

/**
 * The gateway renders 64-bit numbers as strings and leaves out what is empty, false or zero
 * (etcd.io: "Why gRPC gateway"; messages in etcd's api/etcdserverpb/rpc.proto).
 */
const uint64 = z.string().regex(/^\d{1,20}$/);
const count = uint64.default('0').transform(Number);
const texts = z.array(z.string()).default([]);

const memberSchema = z
  .object({
    ID: uint64,
    name: z.string().default(''),
    peerURLs: texts,
    clientURLs: texts,
    isLearner: z.boolean().default(false),
  })
  .transform(({ ID, name, peerURLs, clientURLs, isLearner }) => ({
    member: { id: hexadecimal(ID), name, peerUrls: peerURLs, learner: isLearner },
    clientUrls: clientURLs,
  }));

const statusSchema = z
  .object({
    header: z.object({ member_id: uint64, revision: count }),
    version: z.string().default(''),
    dbSize: count,
    leader: uint64.default('0'),
    raftIndex: count,
    raftTerm: count,
    errors: texts,
  })
  .transform((answer) => ({
    id: hexadecimal(answer.header.member_id),
    leaderId: answer.leader === '0' ? null : hexadecimal(answer.leader),
    raftTerm: answer.raftTerm,
    raftIndex: answer.raftIndex,
    revision: answer.header.revision,
    databaseBytes: answer.dbSize,
    version: answer.version,
    errors: answer.errors,
  }));

const alarmsSchema = z.object({
  alarms: z.array(z.object({ memberID: uint64, alarm: z.string() })).default([]),
});

/** Of a refusal; older servers say `error` where newer ones say `message`. */
const refusalSchema = z.object({
  code: z.number(),
  message: z.string().optional(),
  error: z.string().optional(),
});

/** gRPC's INVALID_ARGUMENT, NOT_FOUND and FAILED_PRECONDITION: asked again, etcd says the same. */
const REFUSED = [3, 5, 9];
/** The one refusal of the strict reconfiguration check that has the code UNAVAILABLE. */
const UNHEALTHY = 'etcdserver: unhealthy cluster';

/** A member, and where its clients find it. */
export interface ListedMember {
  readonly member: EtcdMember;
  readonly clientUrls: readonly string[];
}

export function toMembers(answer: HttpsJsonAnswer): readonly ListedMember[] {
  return parsed(z.object({ members: z.array(memberSchema) }), answer).members;
}

export function toStatus(answer: HttpsJsonAnswer): EtcdMemberStatus {
  return parsed(statusSchema, answer);
}

export function toAlarms(answer: HttpsJsonAnswer): readonly EtcdAlarm[] {
  return parsed(alarmsSchema, answer).alarms.flatMap(({ memberID, alarm }) =>
    alarm === 'NOSPACE' || alarm === 'CORRUPT'
      ? [{ memberId: hexadecimal(memberID), kind: alarm }]
      : [],
  );
}

export function toChange(answer: HttpsJsonAnswer): EtcdChange {
  if (answer.status === 200) return { outcome: 'done' };
  const { data } = refusalSchema.safeParse(answer.body);
  const text = data?.message ?? data?.error ?? '';
  if (data && (REFUSED.includes(data.code) || text === UNHEALTHY)) {
    return { outcome: 'refused', text };
  }
  throw etcdUnreachable(`status ${answer.status} ${text}`, answer.body);
}

/** As the gateway wants a member's id. */
export function decimal(id: string): string {
  return BigInt(`0x${id}`).toString();
}

function hexadecimal(id: string): string {
  return BigInt(id).toString(16);
}

function parsed<S extends z.ZodType>(schema: S, { status, body }: HttpsJsonAnswer): z.output<S> {
  const answer = schema.safeParse(body);
  if (status === 200 && answer.success) return answer.data;
  const { data } = refusalSchema.safeParse(body);
  throw etcdUnreachable(`status ${status} ${data?.message ?? data?.error ?? ''}`, body);
}
