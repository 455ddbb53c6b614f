import type { DeviceView } from "../../../backend";
import { Button } from "../../../components/Button";
import { CopyButton } from "../../../components/CopyButton";

/** What is to be typed where on another device; null while the provider is asked for it. */
export function DeviceCode({ device, onStop }: { device: DeviceView | null; onStop: () => void }) {
  return (
    <p role="status" className="flex flex-wrap items-center gap-2">
      {device === null ? (
        "Asking the provider for a code…"
      ) : (
        <>
          Open <code className="font-mono text-code">{device.verification_uri}</code> on any device and type
          <strong className="font-mono text-[15px] tracking-wider">{device.user_code}</strong>
          <CopyButton label="Copy the code" command="Copy the code to sign in with" value={device.user_code} />
        </>
      )}
      <Button command="Stop waiting for the sign-in" onClick={onStop}>
        Stop waiting
      </Button>
    </p>
  );
}
