import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EmailChannel } from '../../activities/notify/channel.ts';
import { MAIL_PASSWORD, mailServer, smtpRefusal, type MailServer } from '../support/mail-server.ts';
import { OTHER_CA } from '../veeam/fixtures.ts';
import { failureOf, send } from './notify-support.ts';

const BASE64 = Buffer.from(`\0anna\0${MAIL_PASSWORD}`).toString('base64');

function mail({ port, ca }: MailServer, changes: Partial<EmailChannel> = {}): EmailChannel {
  return {
    kind: 'email',
    name: 'mail',
    host: '127.0.0.1',
    port,
    encryption: 'starttls',
    login: { username: 'anna', password: async () => MAIL_PASSWORD },
    from: 'muster <muster@dr.example>',
    to: ['ops@erp.example'],
    allow: [],
    ca: async () => [ca],
    ...changes,
  };
}

describe('an e-mail', () => {
  it('is sent encrypted, to those of the channel', async () => {
    const server = await mailServer();
    await send(mail(server));
    expect(server.mails).toMatchObject([
      { from: 'muster@dr.example', to: ['ops@erp.example'], isEncrypted: true, user: 'anna' },
    ]);
  });

  it('has a subject, the text, and a link, in text and in HTML', async () => {
    const server = await mailServer();
    await send(mail(server), { text: 'All <b>is</b> well.' });
    const text = server.mails[0]?.text ?? '';
    expect(text).toContain('Subject: ERP: it is done');
    expect(text).toContain('All <b>is</b> well.');
    expect(text).toContain('All &lt;b&gt;is&lt;/b&gt; well.');
    expect(text.replaceAll('=\r\n', '').match(/https:\/\/[^\s"<]*/g)).toEqual(
      Array(2).fill('https://muster.example/runs/canary-1'),
    );
  });

  it('has the same id when it is sent again', async () => {
    const server = await mailServer();
    await send(mail(server));
    await send(mail(server));
    const ids = server.mails.map(({ text }) => /^Message-ID: (.*)$/im.exec(text)?.[1]);
    expect(ids).toEqual(Array(2).fill('<a1b2c3@muster.invalid>'));
  });

  it('takes no header from its title', async () => {
    const server = await mailServer();
    await send(mail(server), { title: 'hi\r\nBcc: eve@evil.example\r\n\r\nbody' });
    expect(server.mails[0]?.to).toEqual(['ops@erp.example']);
    expect(server.mails[0]?.text.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/im);
  });

  it('is sent over TLS from the first byte where the server wants that', async () => {
    const server = await mailServer({ secure: true });
    await send(mail(server, { encryption: 'tls' }));
    expect(server.mails[0]?.isEncrypted).toBe(true);
  });

  it('goes to others that the channel allows', async () => {
    const server = await mailServer();
    const channel = mail(server, { allow: ['@erp.example', 'cio@holding.example'] });
    await send(channel, {}, { to: ['Head@ERP.example', 'cio@holding.example'] });
    expect(server.mails[0]?.to).toEqual(['Head@erp.example', 'cio@holding.example']);
  });

  it.each([
    'eve@evil.example',
    'eve@sub.erp.example',
    'eve@evil-erp.example',
    'head@erp.example, eve@evil.example',
    'eve@evil.example, head@erp.example',
    '"eve@evil.example,"@erp.example',
  ])('does not go to %s, which nobody allowed', async (stranger) => {
    const server = await mailServer();
    const failure = await failureOf(send(mail(server, { allow: ['@erp.example'] }), {}, { to: [stranger] }));
    expect(failure).toMatchObject({ code: 'notify.refused', passing: false });
    expect(server.mails).toEqual([]);
  });

  it('tells whom it does not reach', async () => {
    const server = await mailServer({
      onRcptTo: ({ address }, _session, answer) =>
        answer(address.startsWith('gone') ? smtpRefusal(550, 'no such user') : null),
    });
    const delivery = await send(mail(server, { to: ['ops@erp.example', 'gone@erp.example'] }));
    expect(delivery).toEqual({ note: 'mail does not reach gone@erp.example' });
    expect(server.mails[0]?.to).toEqual(['ops@erp.example']);
  });
});

describe('a mail server', () => {
  it.each<[string, Parameters<typeof mailServer>[0], boolean, string]>([
    ['whose certificate has expired', { certificate: 'expired' }, false, 'CERT_HAS_EXPIRED'],
    [
      'whose certificate is for another',
      { certificate: 'wrong-name' },
      false,
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    ['that vouches for itself', { certificate: 'self-signed' }, false, 'SELF_SIGNED'],
    ['without STARTTLS', { hideSTARTTLS: true, disabledCommands: ['STARTTLS'] }, false, 'encryption'],
    ['that knows the login no more', { password: 'changed' }, false, 'refuses the login'],
    [
      'that knows no recipient',
      { onRcptTo: (_to, _session, answer) => answer(smtpRefusal(550, 'no such user')) },
      false,
      '550',
    ],
    [
      'that is busy',
      { onMailFrom: (_from, _session, answer) => answer(smtpRefusal(451, 'later')) },
      true,
      '451',
    ],
    [
      'that refuses the text',
      {
        onData: (stream, _session, answer) =>
          stream.resume().on('end', () => answer(smtpRefusal(554, 'spam'))),
      },
      false,
      '554',
    ],
    [
      'that is closing',
      { onConnect: (_session, answer) => answer(smtpRefusal(421, 'closing')) },
      true,
      '421',
    ],
  ])('%s says whether to try again', async (_what, options, passing, words) => {
    const server = await mailServer(options);
    const failure = await failureOf(send(mail(server)));
    expect(failure).toMatchObject({ passing });
    expect(failure.message).toContain(words);
  });

  it('of another authority is told nothing', async () => {
    const server = await mailServer();
    const failure = await failureOf(send(mail(server, { ca: async () => [OTHER_CA] })));
    expect(failure).toMatchObject({ code: 'notify.refused' });
    expect(server.mails).toEqual([]);
  });

  it('that repeats the login gives no secret away', async () => {
    const server = await mailServer({ password: 'changed' });
    const failure = await failureOf(send(mail(server)));
    const all = JSON.stringify([failure.message, failure.details, String(failure.cause)]);
    expect(all).not.toContain(MAIL_PASSWORD);
    expect(all).not.toContain(BASE64);
  });

  it.each([
    ['that says nothing', (): void => undefined],
    ['that hangs up', (socket: { destroy(): void }): void => socket.destroy()],
    [
      'that never ends its greeting',
      (socket: { write(text: string): void; on(event: 'close', f: () => void): void }): void => {
        const timer = setInterval(() => socket.write('220-x\r\n'), 20);
        socket.on('close', () => clearInterval(timer));
      },
    ],
  ])('%s is given up in its time', async (_what, behave) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      behave(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const failure = await failureOf(send(mail({ port, ca: '', mails: [] }), {}, { timeoutMs: 300 }));
    expect(failure).toMatchObject({ code: 'notify.notReached', passing: true });
  });

  it('is left at once when the step is', async () => {
    const server = await mailServer({ onConnect: () => undefined });
    const leaving = new AbortController();
    const sending = send(mail(server), {}, { signal: leaving.signal });
    leaving.abort();
    await expect(sending).rejects.toThrow();
  });
});
