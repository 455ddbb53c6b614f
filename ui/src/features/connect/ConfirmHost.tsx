import { ConfirmDialog } from "../../components/Dialog";

/** Has a host typed that the connector does not name, before a credential is sent there. */
export function ConfirmHost({
  host,
  provider,
  onClose,
  onConfirm,
}: {
  /** Null: nothing is asked. */
  host: string | null;
  /** What the connector's provider is called. */
  provider: string;
  onClose: () => void;
  onConfirm: (host: string) => void;
}) {
  return (
    <ConfirmDialog
      open={host !== null}
      onClose={onClose}
      onConfirm={() => {
        onClose();
        if (host !== null) {
          onConfirm(host);
        }
      }}
      title="Send the credential to this host?"
      confirmLabel="Confirm host"
      typed={host ?? undefined}
      consequence={`${host ?? ""} is not one of the hosts ${provider} is known by. The client and its secret will be sent there. Confirm it only when the customer's administrator named it.`}
    />
  );
}
